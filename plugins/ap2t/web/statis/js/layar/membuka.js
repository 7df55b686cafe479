// A run was started here: watch it until its session stands, or say why there will be none.

import { html, useEffect } from "../../pustaka/preact.js";
import { sesiRun, tugasRun } from "../gerbang.js";
import { useJajak } from "../jajak.js";
import { Pesan } from "../komponen.js";
import { Langkah, useSebab } from "./langkah.js";

/**
 * `langkah`: the task that opens the session. `terbuka(number)` is called once the session stands, `lupakan()` where the
 * run is not there (any more). `kata`: {judul, kembali, tanpaSebab}. Children: what is said meanwhile.
 */
export function Membuka({ dagId, runId, jenis, langkah, terbuka, lupakan, kata, children }) {
  const { data: tugas, galat } = useJajak(`tugas:${runId}`, (sinyal) => tugasRun(dagId, runId, sinyal), 1500);
  const { data: sesi } = useJajak(`run:${runId}`, (sinyal) => sesiRun(dagId, runId, sinyal), 1500);
  const gagal = tugas?.find((satu) => satu.task_id === langkah && satu.state === "failed");
  const sebab = useSebab(dagId, runId, gagal);
  useEffect(() => {
    if (sesi?.nomor) terbuka(sesi.nomor);
  }, [sesi?.nomor]);
  useEffect(() => {
    if (galat?.status === 404) lupakan();
  }, [galat?.status]);
  if (gagal && sesi && !sesi.nomor) {
    return html`<${Pesan} nada="buruk" judul=${kata.judul} peran="alert"><p>${sebab === undefined ? "Mencari sebabnya …" : (sebab ?? kata.tanpaSebab)}</p><button type="button" class="tombol" onClick=${lupakan}>${kata.kembali}</button><//>`;
  }
  return html`<div class="kartu" role="status"><p class="bergerak">${children}</p>${tugas && html`<${Langkah} jenis=${jenis} tugas=${tugas} buka />`}</div>`;
}
