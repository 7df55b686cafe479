// The tab that Airflow shows beside a run: the session of that run, and nothing else.

import { html } from "../../pustaka/preact.js";
import { ambil } from "../api.js";
import { useJajak } from "../jajak.js";
import { Galat, Kosong, Rangka } from "../komponen.js";
import { Konteks } from "../konteks.js";
import { PanelSesi } from "./sesi.js";

export function LayarRun({ saya, rute }) {
  const kueri = { dag_id: rute.dagId, run_id: rute.runId };
  const { data, galat, segarkan } = useJajak(`run:${rute.dagId}/${rute.runId}`, (sinyal) => cari(kueri, sinyal), 2500);
  if (galat && !data) return html`<main class="isi"><${Galat} galat=${galat} ulangi=${segarkan} /></main>`;
  if (!data) return html`<main class="isi"><${Rangka} baris=${6} /></main>`;
  if (!data.nomor) {
    return html`<main class="isi"><${Kosong} judul="Run ini belum punya sesi pengesahan" ikon="jam">${data.kalimat}<//></main>`;
  }
  return html`<${Sesi} saya=${saya} nomor=${data.nomor} />`;
}

async function cari(kueri, sinyal) {
  try {
    return await ambil("run", { kueri, sinyal });
  } catch (e) {
    if (e.status === 404) return { nomor: null, kalimat: e.rincian };
    throw e;
  }
}

/** Unit and month come from the number: PS-54110-202606-A-01-… */
function Sesi({ saya, nomor }) {
  const [, unitup, thblrek] = nomor.split("-");
  const unit = saya.unit.find((u) => u.unitup === unitup) ?? { unitup, nama: null, zona_waktu: "Asia/Jakarta", bulan: [] };
  const konteks = { saya, unit, thblrek, zona: unit.zona_waktu, bertindak: unit.boleh_bertindak ?? saya.boleh_bertindak };
  return html`<${Konteks.Provider} value=${konteks}>
    <main class="isi isi-run" id="isi" tabindex="-1"><h1 class="judul">Sesi run ini<span class="judul-kecil">${unit.nama ?? unitup}</span></h1><${PanelSesi} key=${nomor} nomor=${nomor} /></main>
  <//>`;
}

