// Cancelling: whom, why, what cannot go and why not; then a session of its own with its own Sah/Setuju.

import { html, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { kirim } from "../api.js";
import { tulisDraf, useDraf } from "../draf.js";
import { mulai } from "../gerbang.js";
import { useAmbil, useKerja } from "../jajak.js";
import { Galat, Ikon, KepalaLayar, Kosong, Pesan, PilihanKelompok, Rangka } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { ke, tautan } from "../rute.js";
import { Membuka } from "./membuka.js";
import { AsalDanSebab } from "./rekap_batal.js";
import { BarisSesiRiwayat } from "./riwayat.js";

const DAG = "pembatalan_pengesahan";
const AWAL = { hari_baca: "", cakupan: "", idpel: "", alasan: "" };
const GAGAL_DIBUKA = { judul: "Pembatalan tidak dapat dibuka", kembali: "Kembali ke isian", tanpaSebab: "Sebabnya ada pada log tugasnya di Airflow." };
const ALASAN_MIN = 10;
const ALASAN_MAKS = 500;

/** Go to the form with these customers of one kelompok in it. */
export function siapkanPembatalan({ saya, unit, thblrek }, hari_baca, idpel) {
  tulisDraf(saya.username, kunciDraf(unit, thblrek), { ...AWAL, hari_baca, cakupan: "daftar", idpel: idpel.join("\n") });
  ke(tautan(unit.unitup, thblrek, "pembatalan"));
}

const kunciDraf = (unit, thblrek) => `pembatalan:${unit.unitup}/${thblrek}`;

/** What is written in the list: idpel, each once; and what is none. */
function bacaIdpel(teks) {
  const semua = [...new Set(teks.split(/[\s,;]+/).filter(Boolean))];
  const sah = (kata) => /^\d{12}$/.test(kata);
  return { idpel: semua.filter(sah), bukan: semua.filter((kata) => !sah(kata)) };
}

export function LayarPembatalan() {
  const { unit, thblrek, bertindak } = useKonteks();
  const kunci = `${unit.unitup}/${thblrek}`;
  return html`<section aria-labelledby="judul-pembatalan">
    <${KepalaLayar} id="judul-pembatalan" judul="Pembatalan pengesahan" />
    ${bertindak
      ? html`<${Formulir} key=${kunci} />`
      : html`<${Pesan} ikon="kunci"><p>Akun Anda hanya dapat melihat. Pembatalan dimulai dan dijawab SPV TE unit ini.</p><//>`}
    <${PembatalanTerakhir} key=${`akhir/${kunci}`} />
  </section>`;
}

function Formulir() {
  const { saya, unit, thblrek } = useKonteks();
  const [draf, ubah, lupakan] = useDraf(saya.username, kunciDraf(unit, thblrek), AWAL);
  const [run, catatRun, lupakanRun] = useDraf(saya.username, `run-pembatalan:${unit.unitup}/${thblrek}`, {});
  const [lihat, setLihat] = useState(null); // {untuk, hasil}
  const { sibuk, galat, kerjakan } = useKerja();
  const [salah, setSalah] = useState({});
  const { idpel, bukan } = bacaIdpel(draf.idpel);
  const alasan = draf.alasan.split(/\s+/).filter(Boolean).join(" ");
  const untuk = JSON.stringify([draf.hari_baca, draf.cakupan, draf.cakupan === "daftar" ? idpel : []]);
  const cocok = lihat?.untuk === untuk ? lihat.hasil : null;

  function periksa(denganAlasan) {
    const kurang = {};
    if (!draf.hari_baca) kurang.hari_baca = "Pilih kelompoknya.";
    if (!draf.cakupan) kurang.cakupan = "Pilih cakupannya.";
    if (draf.cakupan === "daftar" && bukan.length) kurang.idpel = `Bukan idpel 12 angka: ${bukan.slice(0, 3).join(", ")}${bukan.length > 3 ? ", …" : ""}`;
    else if (draf.cakupan === "daftar" && !idpel.length) kurang.idpel = "Tulis sedikitnya satu idpel.";
    if (denganAlasan && alasan.length < ALASAN_MIN) kurang.alasan = `Tulis alasannya, sedikitnya ${ALASAN_MIN} huruf.`;
    setSalah(kurang);
    const pertama = Object.keys(kurang)[0];
    if (pertama) document.querySelector(`#batal-${pertama}`)?.focus();
    return !pertama;
  }

  async function pratinjau() {
    const isi = { cakupan: draf.cakupan, idpel: draf.cakupan === "daftar" ? idpel : [] };
    const hasil = await (await kirim(`unit/${unit.unitup}/${thblrek}/${encodeURIComponent(draf.hari_baca)}/pratinjau-pembatalan`, isi)).json();
    setLihat({ untuk, hasil });
    umumkan(`${sekian(hasil.boleh.jumlah)} dapat dibatalkan.`);
  }

  async function mulaiPembatalan() {
    const conf = { unitup: unit.unitup, thblrek, hari_baca: draf.hari_baca, cakupan: draf.cakupan, alasan, ...(draf.cakupan === "daftar" ? { idpel } : {}) };
    catatRun({ runId: await mulai(DAG, conf), hari_baca: draf.hari_baca });
    umumkan("Pembatalan dimulai; belum ada yang dibatalkan.");
  }

  const periksaDulu = () => periksa(false) && kerjakan(pratinjau, "lihat");
  const lanjutkan = () => periksa(true) && kerjakan(mulaiPembatalan, "mulai");

  function keSesi(nomor) {
    lupakanRun();
    lupakan();
    ke(tautan(unit.unitup, thblrek, run.hari_baca, nomor));
  }

  if (run.runId) {
    return html`<${Membuka} dagId=${DAG} runId=${run.runId} jenis="PEMBATALAN" langkah="buka_pembatalan" terbuka=${keSesi} lupakan=${lupakanRun} kata=${GAGAL_DIBUKA}>
      <strong>Membuka pembatalan …</strong> Daftar AP2T diperiksa; belum ada yang dibatalkan.
    <//>`;
  }
  return html`<form class="kartu formulir" onSubmit=${(peristiwa) => (peristiwa.preventDefault(), cocok?.boleh.jumlah ? lanjutkan() : periksaDulu())} novalidate>
    <p>Yang dibatalkan kembali <b>belum disahkan</b> (posting 1 menjadi 0) dan dapat disahkan lagi. Yang sudah suplai stan tidak dapat dibatalkan.</p>
    <div class="isian isian-pendek"><label for="batal-hari_baca">Kelompok hari baca</label>
      <${PilihanKelompok} kosong="pilih …" id="batal-hari_baca" value=${draf.hari_baca} aria-invalid=${Boolean(salah.hari_baca)} aria-describedby="salah-hari" onChange=${({ currentTarget }) => ubah({ hari_baca: currentTarget.value })} />
      <span class="salah" id="salah-hari">${salah.hari_baca}</span></div>
    <fieldset class="radio-deret" aria-describedby="salah-cakupan"><legend>Siapa yang dibatalkan</legend>
      ${[
        ["daftar", "Beberapa pelanggan", "yang idpel-nya ditulis di bawah"],
        ["semua", "Seluruh kelompok", "semua yang kini sudah disahkan"],
      ].map(
        ([nilai, nama, keterangan], urutan) => html`<label class="radio"><input type="radio" name="cakupan" id=${urutan === 0 ? "batal-cakupan" : undefined} value=${nilai} checked=${draf.cakupan === nilai} onChange=${() => ubah({ cakupan: nilai })} /><span><b>${nama}</b><small>${keterangan}</small></span></label>`,
      )}
      <span class="salah" id="salah-cakupan">${salah.cakupan}</span>
    </fieldset>
    ${draf.cakupan === "daftar" &&
    html`<div class="isian"><label for="batal-idpel">Daftar idpel <small>${idpel.length ? `${angka(idpel.length)} idpel` : "satu per baris, atau tempel dari lembar kerja"}</small></label>
      <textarea id="batal-idpel" rows="5" inputmode="numeric" autocomplete="off" spellcheck=${false} class="nomor" aria-invalid=${Boolean(salah.idpel)} aria-describedby="salah-daftar" value=${draf.idpel} onInput=${({ currentTarget }) => ubah({ idpel: currentTarget.value })} />
      <span class="salah" id="salah-daftar">${salah.idpel}</span></div>`}
    <div class="isian"><label for="batal-alasan">Alasan <small>${alasan.length} dari ${ALASAN_MIN}–${ALASAN_MAKS} huruf</small></label>
      <textarea id="batal-alasan" rows="2" maxlength=${ALASAN_MAKS} aria-invalid=${Boolean(salah.alasan)} aria-describedby="salah-alasan ket-alasan" value=${draf.alasan} onInput=${({ currentTarget }) => ubah({ alasan: currentTarget.value })} />
      <span class="salah" id="salah-alasan">${salah.alasan}</span>
      <small id="ket-alasan">Dikirim ke AP2T dan tercatat; dapat dibaca pengguna Airflow lain. Jangan tulis nama atau stan.</small></div>
    <${Galat} galat=${galat} />
    ${cocok && html`<${Pratinjau} hasil=${cocok} kode=${draf.hari_baca} />`}
    <div class="deret">
      <button type=${cocok?.boleh.jumlah ? "button" : "submit"} class=${`tombol ${cocok?.boleh.jumlah ? "" : "tombol-utama"}`} disabled=${Boolean(sibuk)} onClick=${cocok?.boleh.jumlah ? periksaDulu : undefined}>${sibuk === "lihat" ? "Memeriksa daftar AP2T …" : cocok ? "Periksa lagi" : "Lihat apa yang dapat dibatalkan"}</button>
      ${cocok?.boleh.jumlah > 0 && html`<button type="submit" class="tombol tombol-utama" disabled=${Boolean(sibuk)}><${Ikon} nama="batal" />${sibuk === "mulai" ? "Memulai …" : `Lanjutkan pembatalan ${sekian(cocok.boleh.jumlah)}`}</button>`}
    </div>
    ${cocok?.boleh.jumlah > 0 && html`<p class="redup kecil">Belum ada yang dibatalkan: sesudah ini Anda atau SPV TE lain masih menjawab Sah/Setuju atau Tolak.</p>`}
  </form>`;
}

function Pratinjau({ hasil, kode }) {
  const { boleh, tidak } = hasil;
  return html`<div class="pratinjau" role="region" aria-label="Pratinjau pembatalan">
    ${boleh.jumlah
      ? html`<${Pesan} nada="baik" ikon="setuju" judul=${`${sekian(boleh.jumlah)} dapat dibatalkan`}><p>${boleh.kwh === null ? "" : `${angka(boleh.kwh)} kWh, `}kelompok ${kode}, menurut daftar AP2T saat ini.</p><//>`
      : html`<${Pesan} nada="awas" judul="Tidak ada yang dapat dibatalkan"><p>${tidak?.length ? "Sebabnya di bawah ini." : "Belum ada pelanggan kelompok ini yang sudah disahkan."}</p><//>`}
    <${AsalDanSebab} putaran=${boleh.putaran} tidak=${tidak} />
  </div>`;
}

function PembatalanTerakhir() {
  const { unit, thblrek } = useKonteks();
  const { data, galat, memuat, segarkan } = useAmbil(`unit/${unit.unitup}/${thblrek}/sesi`, { kueri: { jenis: "PEMBATALAN" }, jeda: 10_000 });
  return html`<div class="bagian"><h2>Pembatalan bulan ini</h2>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${2} />`}
    ${data && (data.baris.length ? html`<${BarisSesiRiwayat} baris=${data.baris} />` : html`<${Kosong} judul="Belum ada pembatalan" ikon="batal" />`)}
  </div>`;
}
