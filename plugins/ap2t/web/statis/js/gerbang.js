// Runs and gates: start, watch, answer, do a failed step again. Only this file writes, through Airflow's core API.

import { Masalah, airflow, ambil } from "./api.js";

export const SETUJU = "Sah/Setuju";
export const TOLAK = "Tolak";

/** Milliseconds that a gate must have stood: Airflow can lose an answer that comes sooner. */
const UMUR_GERBANG = 10_000;
/** Milliseconds since its task was begun or queued within which a gate may have opened just now. */
const SEGAR = 60_000;

/**
 * Seconds until a gate may be answered; 0: now; null: it does not stand (yet).
 *
 * Airflow does not say when it opened. A gate that is asked again stands later than its try began, so one that may be
 * new counts from when it was seen (`terlihat`, milliseconds).
 */
export function sisaDetik(gerbang, tugas, terlihat, kini) {
  if (tugas?.state !== "awaiting_input") return null;
  const dimulai = Math.max(...[tugas.start_date, tugas.queued_when, gerbang.dibuka_pada].map((saat) => Date.parse(saat) || 0));
  const sejak = kini - dimulai < SEGAR ? Math.max(dimulai, terlihat) : dimulai;
  return Math.max(0, Math.ceil((sejak + UMUR_GERBANG - kini) / 1000));
}

function jalanRun(dagId, runId) {
  return `dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}`;
}

/** Start a run; return its id. */
export async function mulai(dagId, conf) {
  const isi = await airflow("POST", `dags/${encodeURIComponent(dagId)}/dagRuns`, { logical_date: null, conf });
  return isi.dag_run_id;
}

/** The session of a run; without `nomor` while there is none, and then `kalimat` says why. */
export async function sesiRun(dagId, runId, sinyal) {
  try {
    return await ambil("run", { kueri: { dag_id: dagId, run_id: runId }, sinyal });
  } catch (galat) {
    if (galat.status === 404) return { nomor: null, kalimat: galat.rincian };
    throw galat;
  }
}

/** The tasks of a run, in the order of the DAG. */
export async function tugasRun(dagId, runId, sinyal) {
  return (await airflow("GET", `${jalanRun(dagId, runId)}/taskInstances?limit=100`, undefined, sinyal)).task_instances;
}

function jalanGerbang(dagId, runId, taskId) {
  return `${jalanRun(dagId, runId)}/taskInstances/${taskId}/-1/hitlDetails`;
}

/** When Airflow says that a gate was asked: an answer names the question it answers. */
export async function ditanyakanPada(dagId, runId, taskId, sinyal) {
  return (await airflow("GET", jalanGerbang(dagId, runId, taskId), undefined, sinyal)).created_at;
}

/** Answer a gate as the person who is logged in; one asked anew since `ditanyakan` refuses (from Airflow 3.4 on). */
export async function jawab(dagId, runId, taskId, pilihan, isian, ditanyakan) {
  const isi = { chosen_options: [pilihan], params_input: isian, request_created_at: ditanyakan };
  return airflow("PATCH", jalanGerbang(dagId, runId, taskId), isi);
}

/** Who answered a gate and what, as Airflow holds it; null: nobody yet. */
export async function jawabanGerbang(dagId, runId, taskId) {
  const isi = await airflow("GET", jalanGerbang(dagId, runId, taskId));
  if (!isi.response_received) return null;
  const oleh = isi.responded_by_user;
  return { pilihan: (isi.chosen_options ?? [])[0] ?? null, oleh: oleh?.name ?? oleh?.id ?? null, pada: isi.responded_at };
}

/**
 * Do the failed steps of a run again, and what follows them.
 *
 * Only once the run itself has stopped: cleared sooner, Airflow may still mark what follows as failed after the clear.
 */
export async function ulangi(dagId, runId, taskIds) {
  for (let sisa = 30; (await airflow("GET", jalanRun(dagId, runId))).state !== "failed"; sisa -= 1) {
    if (!sisa) throw new Masalah(409, "Run belum berhenti", "Langkah lain run ini masih berjalan. Coba lagi sebentar lagi.");
    await new Promise((lanjut) => setTimeout(lanjut, 1000));
  }
  const isi = { dry_run: false, dag_run_id: runId, task_ids: taskIds, include_downstream: true, only_failed: false };
  return airflow("POST", `dags/${encodeURIComponent(dagId)}/clearTaskInstances`, isi);
}

/** The sentence after "GAGAL:" in a task's log; null: there is none. */
export async function sebabGagal(dagId, runId, tugas) {
  const jalan = `${jalanRun(dagId, runId)}/taskInstances/${tugas.task_id}/logs/${tugas.try_number || 1}`;
  const isi = (await airflow("GET", jalan)).content;
  const semua = (Array.isArray(isi) ? isi : [isi]).map((baris) => String(baris?.event ?? baris));
  const gagal = semua.filter((baris) => baris.includes("GAGAL:")).pop();
  return gagal ? gagal.slice(gagal.indexOf("GAGAL:") + 6).trim() : null;
}
