// The trail of a session, one readable sentence an entry, oldest first.

import { html, useRef, useState } from "../../pustaka/preact.js";
import { ambil } from "../api.js";
import { useJajak } from "../jajak.js";
import { Galat, Kosong, Rangka } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { lengkap } from "../waktu.js";

/** The trail behind a click, or open; what comes later is added below. */
export function Jejak({ nomor, hidup, buka = false }) {
  const [terbuka, setTerbuka] = useState(buka);
  return html`<details class="rincian jejak" open=${buka} onToggle=${({ currentTarget }) => setTerbuka(currentTarget.open)}>
    <summary>Jejak sesi: siapa berbuat apa, kapan</summary>
    ${terbuka && html`<${Isi} nomor=${nomor} hidup=${hidup} />`}
  </details>`;
}

function Isi({ nomor, hidup }) {
  const { zona } = useKonteks();
  const ada = useRef([]);
  const jalan = `sesi/${encodeURIComponent(nomor)}/jejak`;
  async function lanjutan(sinyal) {
    for (let masih = true; masih; ) {
      const isi = await ambil(jalan, { kueri: { sesudah: ada.current.at(-1)?.id }, sinyal });
      ada.current = [...ada.current, ...isi.entri.filter(({ id }) => id > (ada.current.at(-1)?.id ?? 0))];
      masih = isi.masih_ada && isi.entri.length > 0;
    }
    return ada.current;
  }
  const { data, galat, memuat, segarkan } = useJajak(jalan, lanjutan, hidup ? 5000 : 0);
  const semua = data ?? [];
  if (memuat) return html`<${Rangka} baris=${3} apa="Memuat jejak" />`;
  if (!semua.length) return galat ? html`<${Galat} galat=${galat} ulangi=${segarkan} />` : html`<${Kosong} judul="Belum ada jejak" />`;
  return html`<${Galat} galat=${galat} ulangi=${segarkan} />
    <ol class="garis-waktu">
      ${semua.map(({ id, pada, kalimat, pelaku }) => html`<li key=${id}><time datetime=${pada}>${lengkap(pada, zona)}</time><div><span>${kalimat}</span>${pelaku && html`<span class="redup kecil"> ${pelaku}</span>`}</div></li>`)}
    </ol>`;
}
