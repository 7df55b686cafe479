// The tab that Airflow shows beside a run: the session of that run, and nothing else.

import { html } from "../../pustaka/preact.js";
import { sesiRun, tugasRun } from "../gerbang.js";
import { useJajak } from "../jajak.js";
import { Galat, Kosong, Pesan, Rangka } from "../komponen.js";
import { Konteks, buatKonteks } from "../konteks.js";
import { bulan } from "../waktu.js";
import { gagal, useSebab } from "./langkah.js";
import { PanelSesi } from "./sesi.js";

export function LayarRun({ saya, rute: { dagId, runId } }) {
  const { data, galat, segarkan } = useJajak(`run:${dagId}/${runId}`, (sinyal) => sesiRun(dagId, runId, sinyal), 2500);
  const tanpaSesi = Boolean(data) && !data.nomor;
  const { data: tugas } = useJajak(tanpaSesi ? `tugas:${dagId}/${runId}` : null, (sinyal) => tugasRun(dagId, runId, sinyal), 2500);
  const terhenti = gagal(tugas)[0];
  const sebab = useSebab(dagId, runId, terhenti);
  if (!data?.nomor) {
    const isi = terhenti ? html`<${Pesan} nada="buruk" judul="Sesi tidak dapat dibuka" peran="alert"><p>${sebab ?? data.kalimat}</p><//>` : data ? html`<${Kosong} judul="Run ini belum punya sesi pengesahan" ikon="jam">${data.kalimat}<//>` : galat ? html`<${Galat} galat=${galat} ulangi=${segarkan} />` : html`<${Rangka} baris=${6} />`;
    return html`<main class="isi">${isi}</main>`;
  }
  return html`<${Sesi} saya=${saya} nomor=${data.nomor} />`;
}

/** Unit and month come from the number: PS-54110-202606-A-01-… */
function Sesi({ saya, nomor }) {
  const [, unitup, thblrek, kode] = nomor.split("-");
  const unit = saya.unit.find((satu) => satu.unitup === unitup) ?? { unitup, nama: null, zona_waktu: "Asia/Jakarta", bulan: [] };
  return html`<${Konteks.Provider} value=${buatKonteks(saya, unit, thblrek)}>
    <main class="isi isi-run" id="isi" tabindex="-1"><h1 class="judul">Kelompok ${kode}<span class="judul-kecil">${bulan(thblrek)} · ${unit.nama ?? ""} ${unitup}</span></h1><${PanelSesi} key=${nomor} nomor=${nomor} /></main>
  <//>`;
}
