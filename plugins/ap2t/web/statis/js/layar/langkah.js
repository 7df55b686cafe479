// The steps of a run: five phases in a line, and each step in words for who wants to know.

import { html } from "../../pustaka/preact.js";
import { FASE, LANGKAH, keadaan } from "../kata.js";
import { Ikon, Suara } from "../komponen.js";

const SELESAI = new Set(["success", "skipped"]);
const BERGERAK = new Set(["running", "queued", "scheduled", "deferred", "up_for_reschedule", "up_for_retry", "awaiting_input", "restarting"]);

function milik(jenis, tugas) {
  const ada = new Map((tugas ?? []).map((t) => [t.task_id, t]));
  return LANGKAH[jenis].map(([id, nama, fase]) => ({ id, nama, fase, ...(ada.get(id) ?? { state: null }) }));
}

/** Where each phase stands: selesai, kini, gagal, or belum. */
function fase(jenis, langkah) {
  return FASE[jenis]
    .map((nama, nomor) => ({ nama, isi: langkah.filter((l) => l.fase === nomor) }))
    .filter(({ nama }) => nama !== null)
    .map(({ nama, isi }) => {
      if (isi.some((l) => l.state === "failed" || l.state === "upstream_failed")) return { nama, keadaan: isi.some((l) => l.state === "failed") ? "gagal" : "belum" };
      if (isi.length && isi.every((l) => SELESAI.has(l.state))) return { nama, keadaan: "selesai" };
      return { nama, keadaan: isi.some((l) => BERGERAK.has(l.state) || SELESAI.has(l.state)) ? "kini" : "belum" };
    });
}

const KATA = { selesai: "selesai", kini: "sedang berlangsung", gagal: "gagal", belum: "belum" };

/** The line of phases, and the list of steps behind a click. */
export function Langkah({ jenis, tugas, buka = false, kalimat }) {
  const langkah = milik(jenis, tugas);
  return html`<div class="langkah">
    <ol class="fase" aria-label="Tahap sesi">
      ${fase(jenis, langkah).map(
        (f, i) => html`<li class=${`fase-${f.keadaan}`} aria-current=${f.keadaan === "kini" ? "step" : undefined}>
          <span class="fase-bulat" aria-hidden="true">${f.keadaan === "selesai" ? html`<${Ikon} nama="setuju" />` : f.keadaan === "gagal" ? html`<${Ikon} nama="tolak" />` : i + 1}</span>
          <span class="fase-nama">${f.nama}<${Suara}>: ${KATA[f.keadaan]}<//></span>
        </li>`,
      )}
    </ol>
    ${kalimat && html`<p class="langkah-kalimat">${kalimat}</p>`}
    <details class="rincian" open=${buka}>
      <summary>Rincian langkah</summary>
      <ul class="langkah-daftar">
        ${langkah.map((l) => {
          const [kata, nada] = keadaan(l.state);
          return html`<li><span class=${`titik titik-${nada}`} aria-hidden="true" /><span>${l.nama}</span><span class="redup">${kata}</span></li>`;
        })}
      </ul>
    </details>
  </div>`;
}

/** The steps of a run that have failed; where none has, those that were not done because one had. */
export function gagal(tugas) {
  const ada = (state) => (tugas ?? []).filter((t) => t.state === state);
  return ada("failed").length ? ada("failed") : ada("upstream_failed");
}

/** Whether a step of a run is on its way. */
export function bergerak(tugas) {
  return (tugas ?? []).some((t) => BERGERAK.has(t.state));
}
