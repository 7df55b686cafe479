// Every request of the page. Its own API reads; all writing is Airflow's core API, as the person who is logged in.

import { samakanJam } from "./waktu.js";

const API = new URL("api/", document.baseURI);
const AIRFLOW = new URL("../api/v2/", document.baseURI);

/** Listeners: `habis` (the login has ended), `masuk` (it holds again). */
export const login = new EventTarget();
let habis = false;

function setLogin(kiniHabis) {
  if (habis === kiniHabis) return;
  habis = kiniHabis;
  login.dispatchEvent(new Event(habis ? "habis" : "masuk"));
}

/**
 * What went wrong, in a sentence a person can act on. `status` 0: no answer came at all. `tunggu`: milliseconds after
 * which the server says that asking again is worth it; null: it says nothing.
 */
export class Masalah extends Error {
  constructor(status, judul, rincian, tunggu = null) {
    super(rincian);
    Object.assign(this, { status, judul, rincian, tunggu });
  }

  /** Nothing is wrong with what was asked: it may well be answered in a moment. */
  get sementara() {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}

const UNDUH_MAKS = 300_000;

/** Wait about as long as the server said. Not everybody comes back in the same instant. */
function jeda(milidetik, sinyal) {
  return new Promise((lanjut, batal) => {
    const pewaktu = setTimeout(lanjut, milidetik * (0.8 + 0.4 * Math.random()));
    sinyal?.addEventListener("abort", () => (clearTimeout(pewaktu), batal(sinyal.reason)), { once: true });
  });
}

const UMUM = {
  0: ["Tidak tersambung", "Server tidak menjawab. Periksa jaringan Anda; halaman ini mencoba lagi sendiri."],
  401: ["Sesi login berakhir", "Masuk lagi untuk melanjutkan. Yang sudah Anda tulis tetap tersimpan."],
  403: ["Tidak diizinkan", "Akun Anda tidak diizinkan melakukan ini."],
  404: ["Tidak ditemukan", "Yang Anda cari tidak ada, atau bukan milik unit Anda."],
  409: ["Sudah didahului", "Keadaannya berubah sejak halaman ini dimuat."],
  422: ["Isian tidak dapat dipakai", "Server menolak isiannya. Periksa lagi lalu ulangi."],
  429: ["Terlalu cepat", "Permintaan Anda yang sebelumnya masih dikerjakan. Tunggu sebentar, lalu ulangi."],
  503: ["Belum dapat dilayani", "Server sedang sibuk atau baru dinyalakan. Tunggu sebentar, lalu ulangi."],
};

async function bacaMasalah(jawaban) {
  const [judul, rincian] = UMUM[jawaban.status] ?? [
    `Gangguan server (${jawaban.status})`,
    "Server sedang terganggu. Coba lagi sebentar lagi; bila tetap begini, laporkan kepada pengelola.",
  ];
  const kita = (jawaban.headers.get("content-type") ?? "").includes("problem+json");
  const isi = kita ? await jawaban.json().catch(() => ({})) : {}; // where others answer (Airflow, a proxy) the general sentence stands
  const detik = Number(jawaban.headers.get("retry-after"));
  return new Masalah(jawaban.status, isi.title || judul, isi.detail || rincian, detik > 0 ? detik * 1000 : null);
}

async function mintaJawaban(url, pilihan) {
  let jawaban;
  try {
    jawaban = await fetch(url, { credentials: "same-origin", redirect: "error", ...pilihan });
  } catch (galat) {
    if (galat.name === "AbortError") throw galat;
    throw new Masalah(0, ...UMUM[0]);
  }
  if (jawaban.status === 401) setLogin(true);
  if (!jawaban.ok) throw await bacaMasalah(jawaban);
  setLogin(false);
  return jawaban;
}

function alamat(jalan, kueri, dasar = API) {
  const url = new URL(jalan, dasar);
  for (const [nama, nilai] of Object.entries(kueri ?? {})) {
    for (const satu of [nilai].flat()) if (satu !== "" && satu !== null && satu !== undefined) url.searchParams.append(nama, satu);
  }
  return url;
}

/** Search words may be names. They go in a header, so that no access log keeps them. Half a letter pair is no letter. */
function kepala(cari) {
  return cari ? { "X-Cari": encodeURIComponent(cari.replace(/\p{Surrogate}/gu, "\ufffd")) } : {};
}

/** GET JSON of the page's API. */
export async function ambil(jalan, { kueri, cari, sinyal } = {}) {
  const isi = await (await mintaJawaban(alamat(jalan, kueri), { headers: kepala(cari), signal: sinyal })).json();
  if (isi.sekarang) samakanJam(isi.sekarang);
  return isi;
}

/** POST JSON to the page's API; return the response. */
export async function kirim(jalan, isi, sinyal) {
  const headers = { "Content-Type": "application/json" };
  return mintaJawaban(alamat(jalan), { method: "POST", headers, body: JSON.stringify(isi), signal: sinyal });
}

/**
 * Fetch a file of the page's API and hand it to the browser as a download.
 *
 * Few are written at once: while the server says when to come again it is asked again. `kabar(sentence)` says why.
 */
export async function unduh(jalan, { kueri, cari }, nama, { kabar, sinyal } = {}) {
  const akhir = Date.now() + UNDUH_MAKS;
  let jawaban = null;
  while (!jawaban) {
    try {
      jawaban = await mintaJawaban(alamat(jalan, kueri), { headers: kepala(cari), signal: sinyal });
    } catch (galat) {
      if (!galat.sementara || !galat.tunggu || Date.now() + galat.tunggu > akhir) throw galat;
      kabar?.(galat.rincian);
      await jeda(galat.tunggu, sinyal);
    }
  }
  const href = URL.createObjectURL(await jawaban.blob());
  Object.assign(document.createElement("a"), { href, download: nama }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** One request to Airflow's core API, on the same origin, as the person who is logged in. */
export async function airflow(metode, jalan, isi, sinyal) {
  const headers = { Accept: "application/json", ...(isi === undefined ? {} : { "Content-Type": "application/json" }) };
  const pilihan = { method: metode, headers, body: JSON.stringify(isi), signal: sinyal };
  const jawaban = await mintaJawaban(alamat(jalan, null, AIRFLOW), pilihan);
  return jawaban.status === 204 ? null : jawaban.json();
}

/** Where a run or one of its tasks is looked at in Airflow's own screens. */
export function halamanAirflow(dagId, runId, taskId) {
  const tugas = taskId ? `/tasks/${encodeURIComponent(taskId)}` : "";
  return new URL(`../dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(runId)}${tugas}`, document.baseURI).href;
}

/** Open a page of Airflow: in the window around us where we are embedded (a frame may not leave by itself). */
export function buka(href, { tabBaru = false } = {}) {
  let dokumen = document;
  try {
    if (window.parent !== window) dokumen = window.parent.document;
  } catch {
    // the parent is of another origin: the frame itself is all we have
  }
  const tautan = Object.assign(dokumen.createElement("a"), { href }, tabBaru && { target: "_blank", rel: "noopener noreferrer" });
  dokumen.body.append(tautan);
  tautan.click();
  tautan.remove();
}
