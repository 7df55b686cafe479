// The steps of a run: five phases in a line, and each step in words for who wants to know.

import { html, useEffect, useState } from "../../pustaka/preact.js";
import { sebabGagal } from "../gerbang.js";
import { FASE, KEADAAN, LANGKAH } from "../kata.js";
import { Ikon, Suara } from "../komponen.js";

const SELESAI = new Set(["success", "skipped"]);
const TAMAT = new Set([...SELESAI, "failed", "upstream_failed", "removed"]);
const BERGERAK = new Set(["running", "queued", "scheduled", "deferred", "up_for_reschedule", "up_for_retry", "awaiting_input", "restarting"]);

/** Where each phase stands: selesai, kini, gagal, lewat (every step of it was skipped: a rejected session posts nothing), or belum. */
function keadaanFase(jenis, langkah) {
  return Object.entries(FASE[jenis]).map(([nomor, nama]) => {
    const isi = langkah.filter(({ fase }) => fase === Number(nomor));
    const ada = (...semua) => isi.some(({ state }) => semua.includes(state));
    if (ada("failed")) return { nama, keadaan: "gagal" };
    if (ada("upstream_failed")) return { nama, keadaan: "belum" };
    if (isi.every(({ state }) => state === "skipped")) return { nama, keadaan: "lewat" };
    if (isi.every(({ state }) => SELESAI.has(state))) return { nama, keadaan: "selesai" };
    return { nama, keadaan: ada(...BERGERAK, ...SELESAI) ? "kini" : "belum" };
  });
}

const KATA_FASE = { selesai: "selesai", kini: "sedang berlangsung", gagal: "gagal", lewat: "tidak dikerjakan", belum: "belum" };

/** The line of phases, and the list of steps behind a click; `ringkas`: the line alone, where a person has to decide. */
export function Langkah({ jenis, tugas, buka = false, ringkas = false, kalimat }) {
  const ada = new Map((tugas ?? []).map((satu) => [satu.task_id, satu]));
  const langkah = LANGKAH[jenis].map(([id, nama, fase]) => ({ nama, fase, state: ada.get(id)?.state ?? null }));
  return html`<div class="langkah">
    <ol class="fase" aria-label="Tahap sesi">
      ${keadaanFase(jenis, langkah).map(
        (fase, urutan) => html`<li class=${`fase-${fase.keadaan}`} aria-current=${fase.keadaan === "kini" ? "step" : undefined}>
          <span class="fase-bulat" aria-hidden="true">${fase.keadaan === "selesai" ? html`<${Ikon} nama="setuju" />` : fase.keadaan === "gagal" ? html`<${Ikon} nama="tolak" />` : urutan + 1}</span>
          <span class="fase-nama">${fase.nama}<${Suara}>: ${KATA_FASE[fase.keadaan]}<//></span>
        </li>`,
      )}
    </ol>
    ${kalimat && html`<p class="langkah-kalimat">${kalimat}</p>`}
    ${!ringkas && html`<details class="rincian" open=${buka}>
      <summary>Rincian langkah</summary>
      <ul class="langkah-daftar">
        ${langkah.map(({ nama, state }) => {
          const [kata, nada] = KEADAAN[state] ?? ["belum", "netral"];
          return html`<li><span class=${`titik nada-${nada}`} aria-hidden="true" /><span>${nama}</span><span class="redup">${kata}</span></li>`;
        })}
      </ul>
    </details>`}
  </div>`;
}

/** The steps of a run that have failed; where none has, those that were not done because one had. */
export function gagal(tugas) {
  const dalam = (state) => (tugas ?? []).filter((satu) => satu.state === state);
  return dalam("failed").length ? dalam("failed") : dalam("upstream_failed");
}

/** Whether a step of a run is on its way. */
export function bergerak(tugas) {
  return (tugas ?? []).some(({ state }) => BERGERAK.has(state));
}

/** Whether a run has steps before it still, as far as is known: a session may end (rejected) before the last step of its run. */
export function belumTamat(tugas) {
  return tugas?.some(({ state }) => !TAMAT.has(state)) ?? true;
}

/** Why a task failed, in the sentence of its log; undefined while it is looked up, null: there is none. */
export function useSebab(dagId, runId, tugas) {
  const [sebab, setSebab] = useState(undefined);
  useEffect(() => {
    setSebab(undefined);
    if (tugas?.state === "failed") sebabGagal(dagId, runId, tugas).then(setSebab, () => setSebab(null));
  }, [tugas && `${tugas.task_id}:${tugas.try_number}:${tugas.state}`]);
  return sebab;
}
