// Start several kelompok at once, each with what became of it.

import { html, useState } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { tulisDraf } from "../draf.js";
import { mulai } from "../gerbang.js";
import { Dialog, balik } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";

/** Under which key a run that was started for a kelompok is kept until its session stands. */
export const kunciMulai = (unitup, thblrek, kode) => `mulai:${unitup}/${thblrek}/${kode}`;

/** `bisa`: the rows of the list that may be started; `segarkan`: look again. What is asked about stays as it was. */
export function MulaiBanyak({ bisa, segarkan }) {
  const { saya, unit, thblrek } = useKonteks();
  const [siap, setSiap] = useState(bisa);
  const [dipilih, setDipilih] = useState(null); // null: nobody asks
  const [hasil, setHasil] = useState({});
  const [sibuk, setSibuk] = useState(false);

  const belum = (dipilih ?? []).filter((kode) => hasil[kode] !== null);
  const tanya = () => {
    setSiap(bisa);
    setHasil({});
    setDipilih(bisa.filter(({ pelanggan }) => pelanggan !== null).map(({ hari_baca }) => hari_baca));
  };

  async function mulaiSemua() {
    setSibuk(true);
    const jadi = {};
    for (const { hari_baca: kode, dag_id: dagId } of siap.filter(({ hari_baca }) => belum.includes(hari_baca))) {
      try {
        tulisDraf(saya.username, kunciMulai(unit.unitup, thblrek, kode), { dagId, runId: await mulai(dagId, { unitup: unit.unitup, thblrek, tunggu_kesiapan: true }) });
        jadi[kode] = null;
      } catch (galat) {
        jadi[kode] = galat.rincian ?? galat.message;
      }
      setHasil((lama) => ({ ...lama, ...jadi }));
    }
    setSibuk(false);
    const gagal = Object.values(jadi).filter(Boolean).length;
    umumkan(`${angka(Object.keys(jadi).length - gagal)} kelompok dimulai${gagal ? `, ${angka(gagal)} gagal` : ""}.`);
    segarkan();
    if (!gagal) setDipilih(null);
  }

  return html`${bisa.length > 1 && html`<button type="button" class="tombol" onClick=${tanya}>Mulai beberapa kelompok …</button>`}
    ${dipilih &&
    html`<${Dialog} judul="Mulai beberapa kelompok?" tutup=${() => !sibuk && setDipilih(null)}>
      <p>Tiap kelompok menjadi satu sesi: ia menunggu sampai bacaannya siap, lalu jawaban Anda. <b>Belum ada yang disahkan</b> sebelum Anda menekan Sah/Setuju.</p>
      <fieldset class="kotak-deret"><legend class="suara">Kelompok</legend>
        ${siap.map(
          ({ hari_baca, belum_disahkan }) => html`<label class="centang"><input type="checkbox" disabled=${sibuk || hasil[hari_baca] === null} checked=${dipilih.includes(hari_baca)} onChange=${() => setDipilih(balik(dipilih, hari_baca))} />
            <span>${hari_baca}<small>${hasil[hari_baca] === null ? "dimulai" : (hasil[hari_baca] ?? (belum_disahkan === null ? "belum dilihat di ACMT" : `${angka(belum_disahkan)} belum disahkan`))}</small></span></label>`,
        )}
      </fieldset>
      <div class="dialog-kaki">
        <button type="button" class="tombol" disabled=${sibuk} onClick=${() => setDipilih(null)}>Jangan</button>
        <button type="button" class="tombol tombol-utama" disabled=${sibuk || !belum.length} onClick=${mulaiSemua}>${sibuk ? "Memulai …" : `Mulai ${angka(belum.length)} kelompok`}</button>
      </div>
    <//>`}`;
}
