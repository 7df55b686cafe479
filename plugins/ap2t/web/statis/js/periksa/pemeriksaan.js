// What was found at a customer: shown with who wrote it, and written when a person says so, never by itself.

import { html, useState } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { kirim } from "../api.js";
import { Galat } from "../komponen.js";
import { lengkap } from "../waktu.js";

const CATATAN_MAKS = 200;

/** `semua`: the last entry of each person. `pilihan`: the words to choose from; null: this person writes nothing here. */
export function Pemeriksaan({ nomor, idpel, semua, pilihan, zona, tercatat }) {
  const [buka, setBuka] = useState(false);
  if (!pilihan && !semua.length) return null;
  return html`<details class="rincian pemeriksaan" onToggle=${({ currentTarget: { open } }) => setBuka(open)}><summary>Hasil pemeriksaan${semua.length > 0 && ` (${angka(semua.length)})`}</summary>
    ${semua.length > 0 &&
    html`<ul>${semua.map(
      ({ oleh, hasil, tindak_lanjut: lanjut, catatan, pada }) => html`<li><b>${hasil}</b>${lanjut && `; ${lanjut}`}${catatan && `. “${catatan}”`} <span class="redup kecil">${oleh}, ${lengkap(pada, zona)}</span></li>`,
    )}</ul>`}
    ${pilihan && buka && html`<${Formulir} ...${{ nomor, idpel, pilihan, tercatat }} />`}
  </details>`;
}

const KOSONG = { hasil: "", tindak_lanjut: "", catatan: "" };

function Formulir({ nomor, idpel, pilihan, tercatat }) {
  const [isi, setIsi] = useState(KOSONG);
  const [galat, setGalat] = useState(null);
  const [sibuk, setSibuk] = useState(false);
  const ubah = (nama) => ({ currentTarget: { value } }) => setIsi((lama) => ({ ...lama, [nama]: value }));
  async function catat(peristiwa) {
    peristiwa.preventDefault();
    if (sibuk || !isi.hasil) return;
    setSibuk(true);
    try {
      const jawaban = await kirim(`sesi/${encodeURIComponent(nomor)}/pemeriksaan`, { idpel, ...isi });
      tercatat(await jawaban.json());
      setIsi(KOSONG);
      setGalat(null);
    } catch (salah) {
      setGalat(salah);
    } finally {
      setSibuk(false);
    }
  }
  const daftar = (nama, judul, kosong) => html`<label class="isian"><span>${judul}</span><select value=${isi[nama]} onChange=${ubah(nama)}>
    <option value="">${kosong}</option>${pilihan[nama].map((kata) => html`<option value=${kata}>${kata}</option>`)}</select></label>`;
  return html`<form class="formulir" aria-label="Hasil pemeriksaan" onSubmit=${catat}>
    ${daftar("hasil", "Hasil", "Pilih …")}
    ${daftar("tindak_lanjut", "Tindak lanjut", "Tidak disebut")}
    <label class="isian"><span>Catatan</span><input type="text" maxlength=${CATATAN_MAKS} value=${isi.catatan} onInput=${ubah("catatan")} /></label>
    <${Galat} galat=${galat} judul="Hasil pemeriksaan belum tercatat" />
    <button type="submit" class="tombol" disabled=${!isi.hasil} aria-disabled=${sibuk}>Catat</button>
  </form>`;
}
