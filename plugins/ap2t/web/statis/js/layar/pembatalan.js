// Cancelling: whom, why, what cannot go and why not; then a session of its own with its own Sah/Setuju.

import { html, useEffect, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { ambil, kirim } from "../api.js";
import { bacaDraf, tulisDraf, useDraf } from "../draf.js";
import { mulai, sebabGagal, tugas as ambilTugas } from "../gerbang.js";
import { useJajak } from "../jajak.js";
import { Galat, Ikon, Kosong, Pesan, Rangka } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { ke, tautan } from "../rute.js";
import { bulan } from "../waktu.js";
import { Langkah } from "./langkah.js";
import { AsalDanSebab } from "./rekap_batal.js";
import { BarisSesiRiwayat } from "./riwayat.js";

const DAG = "pembatalan_pengesahan";
const AWAL = { hari_baca: "", cakupan: "", idpel: "", alasan: "" };
const ALASAN_MIN = 10;
const ALASAN_MAKS = 500;

/** What is written in the list: idpel, each once; and what is none. */
export function bacaIdpel(teks) {
  const kata = [...new Set(teks.split(/[\s,;]+/).filter(Boolean))];
  return { idpel: kata.filter((k) => /^\d{12}$/.test(k)), salah: kata.filter((k) => !/^\d{12}$/.test(k)) };
}

export function LayarPembatalan() {
  const { unit, thblrek, bertindak } = useKonteks();
  const kunci = `${unit.unitup}/${thblrek}`;
  return html`<section aria-labelledby="judul-pembatalan">
    <div class="kepala-layar"><h1 class="judul" id="judul-pembatalan" tabindex="-1">Pembatalan pengesahan<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}</span></h1></div>
    ${bertindak
      ? html`<${Formulir} key=${kunci} />`
      : html`<${Pesan} ikon="kunci"><p>Akun Anda hanya dapat melihat. Pembatalan dimulai dan dijawab SPV TE unit ini.</p><//>`}
    <${Terakhir} key=${`akhir/${kunci}`} />
  </section>`;
}

function Formulir() {
  const { saya, unit, thblrek } = useKonteks();
  const [draf, ubah, lupakan] = useDraf(saya.username, `pembatalan:${unit.unitup}/${thblrek}`, AWAL);
  const kunciRun = `run-pembatalan:${unit.unitup}/${thblrek}`;
  const [run, setRun] = useState(() => bacaDraf(saya.username, kunciRun));
  const [lihat, setLihat] = useState(null); // {untuk, hasil}
  const [sibuk, setSibuk] = useState(null);
  const [galat, setGalat] = useState(null);
  const [salah, setSalah] = useState({});
  const { idpel, salah: bukan } = bacaIdpel(draf.idpel);
  const alasan = draf.alasan.split(/\s+/).filter(Boolean).join(" ");
  const untuk = JSON.stringify([draf.hari_baca, draf.cakupan, draf.cakupan === "daftar" ? idpel : []]);
  const cocok = lihat?.untuk === untuk ? lihat.hasil : null;

  function periksa(denganAlasan) {
    const s = {};
    if (!draf.hari_baca) s.hari_baca = "Pilih kelompoknya.";
    if (!draf.cakupan) s.cakupan = "Pilih cakupannya.";
    if (draf.cakupan === "daftar" && bukan.length) s.idpel = `Bukan idpel 12 angka: ${bukan.slice(0, 3).join(", ")}${bukan.length > 3 ? ", …" : ""}`;
    else if (draf.cakupan === "daftar" && !idpel.length) s.idpel = "Tulis sedikitnya satu idpel.";
    if (denganAlasan && alasan.length < ALASAN_MIN) s.alasan = `Tulis alasannya, sedikitnya ${ALASAN_MIN} huruf.`;
    setSalah(s);
    const pertama = Object.keys(s)[0];
    if (pertama) document.querySelector(`#batal-${pertama}`)?.focus();
    return !pertama;
  }

  async function pratinjau() {
    if (!periksa(false)) return;
    setSibuk("lihat");
    setGalat(null);
    try {
      const isi = { cakupan: draf.cakupan, idpel: draf.cakupan === "daftar" ? idpel : [] };
      const hasil = await (await kirim(`unit/${unit.unitup}/${thblrek}/${encodeURIComponent(draf.hari_baca)}/pratinjau-pembatalan`, isi)).json();
      setLihat({ untuk, hasil });
      umumkan(`${sekian(hasil.boleh.jumlah)} dapat dibatalkan.`);
    } catch (e) {
      setGalat(e);
    }
    setSibuk(null);
  }

  async function jalankan() {
    if (!periksa(true)) return;
    setSibuk("mulai");
    setGalat(null);
    try {
      const conf = { unitup: unit.unitup, thblrek, hari_baca: draf.hari_baca, cakupan: draf.cakupan, alasan, ...(draf.cakupan === "daftar" ? { idpel } : {}) };
      const baru = { runId: await mulai(DAG, conf), hari_baca: draf.hari_baca };
      tulisDraf(saya.username, kunciRun, baru);
      setRun(baru);
      umumkan("Pembatalan dimulai; belum ada yang dibatalkan.");
    } catch (e) {
      setGalat(e);
    }
    setSibuk(null);
  }

  function selesai(terbukaNomor) {
    tulisDraf(saya.username, kunciRun, null);
    if (terbukaNomor) {
      lupakan();
      ke(tautan(unit.unitup, thblrek, run.hari_baca, terbukaNomor));
    } else setRun(null);
  }

  if (run) return html`<${Membuka} run=${run} selesai=${selesai} />`;
  return html`<form class="kartu formulir" onSubmit=${(e) => (e.preventDefault(), cocok?.boleh.jumlah ? jalankan() : pratinjau())} novalidate>
    <p>Yang dibatalkan kembali <b>belum disahkan</b> (posting 1 menjadi 0) dan dapat disahkan lagi. Yang sudah suplai stan tidak dapat dibatalkan.</p>
    <div class="isian isian-pendek"><label for="batal-hari_baca">Kelompok hari baca</label>
      <select id="batal-hari_baca" value=${draf.hari_baca} aria-invalid=${Boolean(salah.hari_baca)} aria-describedby="salah-hari" onChange=${(e) => ubah({ hari_baca: e.currentTarget.value })}><option value="">pilih …</option>${saya.kelompok.map((k) => html`<option value=${k}>${k}</option>`)}</select>
      <span class="salah" id="salah-hari">${salah.hari_baca}</span></div>
    <fieldset class="radio-deret" aria-describedby="salah-cakupan"><legend>Siapa yang dibatalkan</legend>
      ${[
        ["daftar", "Beberapa pelanggan", "yang idpel-nya ditulis di bawah"],
        ["semua", "Seluruh kelompok", "semua yang kini sudah disahkan"],
      ].map(
        ([nilai, nama, ket], i) => html`<label class="radio"><input type="radio" name="cakupan" id=${i === 0 ? "batal-cakupan" : undefined} value=${nilai} checked=${draf.cakupan === nilai} onChange=${() => ubah({ cakupan: nilai })} /><span><b>${nama}</b><small>${ket}</small></span></label>`,
      )}
      <span class="salah" id="salah-cakupan">${salah.cakupan}</span>
    </fieldset>
    ${draf.cakupan === "daftar" &&
    html`<div class="isian"><label for="batal-idpel">Daftar idpel <small>${idpel.length ? `${angka(idpel.length)} idpel` : "satu per baris, atau tempel dari lembar kerja"}</small></label>
      <textarea id="batal-idpel" rows="5" inputmode="numeric" autocomplete="off" spellcheck=${false} class="nomor" aria-invalid=${Boolean(salah.idpel)} aria-describedby="salah-daftar" value=${draf.idpel} onInput=${(e) => ubah({ idpel: e.currentTarget.value })} />
      <span class="salah" id="salah-daftar">${salah.idpel}</span></div>`}
    <div class="isian"><label for="batal-alasan">Alasan <small>${alasan.length} dari ${ALASAN_MIN}–${ALASAN_MAKS} huruf</small></label>
      <textarea id="batal-alasan" rows="2" maxlength=${ALASAN_MAKS} aria-invalid=${Boolean(salah.alasan)} aria-describedby="salah-alasan ket-alasan" value=${draf.alasan} onInput=${(e) => ubah({ alasan: e.currentTarget.value })} />
      <span class="salah" id="salah-alasan">${salah.alasan}</span>
      <small id="ket-alasan">Dikirim ke AP2T dan tercatat; dapat dibaca pengguna Airflow lain. Jangan tulis nama atau stan.</small></div>
    <${Galat} galat=${galat} />
    ${cocok && html`<${Hasil} hasil=${cocok} kode=${draf.hari_baca} />`}
    <div class="deret">
      <button type=${cocok?.boleh.jumlah ? "button" : "submit"} class=${`tombol ${cocok?.boleh.jumlah ? "" : "tombol-utama"}`} disabled=${Boolean(sibuk)} onClick=${cocok?.boleh.jumlah ? pratinjau : undefined}>${sibuk === "lihat" ? "Memeriksa daftar AP2T …" : cocok ? "Periksa lagi" : "Lihat apa yang dapat dibatalkan"}</button>
      ${cocok?.boleh.jumlah > 0 && html`<button type="submit" class="tombol tombol-utama" disabled=${Boolean(sibuk)}><${Ikon} nama="batal" />${sibuk === "mulai" ? "Memulai …" : `Lanjutkan pembatalan ${sekian(cocok.boleh.jumlah)}`}</button>`}
    </div>
    ${cocok?.boleh.jumlah > 0 && html`<p class="redup kecil">Belum ada yang dibatalkan: sesudah ini Anda atau SPV TE lain masih menjawab Sah/Setuju atau Tolak.</p>`}
  </form>`;
}

function Hasil({ hasil, kode }) {
  const { boleh, tidak } = hasil;
  return html`<div class="pratinjau" role="region" aria-label="Pratinjau pembatalan">
    ${boleh.jumlah
      ? html`<${Pesan} nada="baik" ikon="setuju" judul=${`${sekian(boleh.jumlah)} dapat dibatalkan`}><p>${boleh.kwh !== null && boleh.kwh !== undefined ? `${angka(boleh.kwh)} kWh, ` : ""}kelompok ${kode}, menurut daftar AP2T saat ini.</p><//>`
      : html`<${Pesan} nada="awas" judul="Tidak ada yang dapat dibatalkan"><p>${tidak?.length ? "Sebabnya di bawah ini." : "Belum ada pelanggan kelompok ini yang sudah disahkan."}</p><//>`}
    <${AsalDanSebab} putaran=${boleh.putaran} tidak=${tidak} />
  </div>`;
}

function Membuka({ run, selesai }) {
  const { data: langkah, galat } = useJajak(`tugas:${run.runId}`, (sinyal) => ambilTugas(DAG, run.runId, sinyal), 1500);
  const { data: sesi } = useJajak(
    `run:${run.runId}`,
    async (sinyal) => {
      try {
        return await ambil("run", { kueri: { dag_id: DAG, run_id: run.runId }, sinyal });
      } catch (e) {
        if (e.status === 404) return { nomor: null };
        throw e;
      }
    },
    1500,
  );
  const gagal = langkah?.find((t) => t.task_id === "buka_pembatalan" && t.state === "failed");
  const [sebab, setSebab] = useState(null);
  useEffect(() => {
    if (sesi?.nomor) selesai(sesi.nomor);
  }, [sesi?.nomor]);
  useEffect(() => {
    if (gagal) sebabGagal(DAG, run.runId, gagal).then((k) => setSebab(k ?? "Sebabnya ada pada log tugasnya di Airflow."), (e) => setSebab(e.message));
  }, [Boolean(gagal)]);
  useEffect(() => {
    if (galat?.status === 404) selesai(null);
  }, [galat?.status]);
  if (gagal && sesi && !sesi.nomor) {
    return html`<${Pesan} nada="buruk" judul="Pembatalan tidak dapat dibuka" peran="alert"><p>${sebab ?? "Mencari sebabnya …"}</p><button type="button" class="tombol" onClick=${() => selesai(null)}>Kembali ke isian</button><//>`;
  }
  return html`<div class="kartu" role="status"><p class="bergerak"><strong>Membuka pembatalan …</strong> Daftar AP2T diperiksa; belum ada yang dibatalkan.</p>${langkah && html`<${Langkah} jenis="PEMBATALAN" tugas=${langkah} buka />`}</div>`;
}

function Terakhir() {
  const { unit, thblrek } = useKonteks();
  const jalan = `unit/${unit.unitup}/${thblrek}/sesi`;
  const { data, galat, memuat, segarkan } = useJajak(`${jalan}:batal`, (sinyal) => ambil(jalan, { kueri: { jenis: "PEMBATALAN" }, sinyal }), 10_000);
  return html`<div class="bagian"><h2>Pembatalan bulan ini</h2>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${2} />`}
    ${data && (data.baris.length ? html`<${BarisSesiRiwayat} baris=${data.baris} />` : html`<${Kosong} judul="Belum ada pembatalan" ikon="batal" />`)}
  </div>`;
}

