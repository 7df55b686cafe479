// Every session of a unit and month, newest first; and whether the trail still stands, at a click.

import { html, useRef, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { ambil, halamanAirflow, kirim } from "../api.js";
import { useJajak } from "../jajak.js";
import { JENIS, STATUS_SESI } from "../kata.js";
import { Cap, Galat, Halaman, Ikon, Judul, Kosong, Pesan, Rangka, TautanLuar } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { bulan, lengkap } from "../waktu.js";
import { PanelSesi } from "./sesi.js";

const AWAL = { hari_baca: "", jenis: "", status: "", halaman: 1 };

export function LayarRiwayat() {
  const { saya, unit, thblrek } = useKonteks();
  const [saring, setSaring] = useState(AWAL);
  const jalan = `unit/${unit.unitup}/${thblrek}/sesi`;
  const { data, galat, memuat, segarkan } = useJajak(`${jalan}?${JSON.stringify(saring)}`, (sinyal) => ambil(jalan, { kueri: saring, sinyal }), 10_000);
  const ubah = (nama) => (e) => setSaring({ ...saring, halaman: 1, [nama]: e.currentTarget.value });
  return html`<section aria-labelledby="judul-riwayat">
    <div class="kepala-layar"><h1 class="judul" id="judul-riwayat" tabindex="-1">Riwayat<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}</span></h1></div>
    <${Keutuhan} />
    <div class="kartu saringan"><div class="saringan-atas">
      <label class="isian"><span>Kelompok</span><select value=${saring.hari_baca} onChange=${ubah("hari_baca")}><option value="">Semua</option>${saya.kelompok.map((k) => html`<option value=${k}>${k}</option>`)}</select></label>
      <label class="isian"><span>Jenis</span><select value=${saring.jenis} onChange=${ubah("jenis")}><option value="">Semua</option>${Object.entries(JENIS).map(([k, n]) => html`<option value=${k}>${n}</option>`)}</select></label>
      <label class="isian"><span>Status</span><select value=${saring.status} onChange=${ubah("status")}><option value="">Semua</option>${Object.entries(STATUS_SESI).map(([k, [n]]) => html`<option value=${k}>${n}</option>`)}</select></label>
    </div></div>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${6} apa="Memuat riwayat" />`}
    ${data &&
    (data.baris.length
      ? html`<${BarisSesiRiwayat} baris=${data.baris} /><${Halaman} jumlah=${data.jumlah ?? data.baris.length} halaman=${saring.halaman} ukuran=${data.ukuran ?? 50} ke=${(halaman) => setSaring({ ...saring, halaman })} apa="sesi" />`
      : html`<${Kosong} judul="Tidak ada sesi" ikon="jam">${saring.hari_baca || saring.jenis || saring.status ? html`<button type="button" class="tombol" onClick=${() => setSaring(AWAL)}>Kosongkan saringan</button>` : "Sesi muncul di sini begitu pengesahan pertama bulan ini dimulai."}<//>`)}
  </section>`;
}

/** Sessions as rows. */
export function BarisSesiRiwayat({ baris }) {
  const { unit, thblrek, zona } = useKonteks();
  return html`<div class="tabel-wadah"><table class="tabel tabel-kartu" role="table" aria-label="Sesi">
    <thead role="rowgroup"><tr role="row">${["Sesi", "Status", "Dimulai", "Berakhir", "Keterangan", "Airflow"].map((n) => html`<th role="columnheader" scope="col">${n}</th>`)}</tr></thead>
    <tbody role="rowgroup">${baris.map((s) => {
      const [kata, nada] = STATUS_SESI[s.status] ?? [s.status, "netral"];
      return html`<tr role="row" key=${s.nomor}>
        <th role="rowheader" scope="row"><a class="kelompok-tautan" href=${tautan(unit.unitup, thblrek, "sesi", s.nomor)}><span class="ubin" aria-hidden="true">${s.hari_baca}</span><span>${JENIS[s.jenis] ?? s.jenis} ${s.hari_baca}${s.jenis === "PENGESAHAN" ? `, putaran ${s.putaran}` : ""}<span class="nomor kecil redup">${s.nomor}</span></span></a></th>
        <td role="cell" data-nama="Status"><${Cap} nada=${nada}>${kata}<//></td>
        <td role="cell" class="kecil" data-nama="Dimulai">${lengkap(s.dibuka_pada, zona)}<div class="redup">${s.pemicu ?? ""}</div></td>
        <td role="cell" class="kecil" data-nama="Berakhir">${s.diakhiri_pada ? lengkap(s.diakhiri_pada, zona) : "–"}</td>
        <td role="cell" class="kecil sel-keterangan" data-nama="Keterangan">${s.keterangan ?? s.langkah ?? "–"}</td>
        <td role="cell" class="kecil" data-nama="Airflow"><${TautanLuar} href=${halamanAirflow(s.dag_id, s.run_id)}>Run dan log<//></td>
      </tr>`;
    })}</tbody>
  </table></div>`;
}

/** One session, from the list or from a link. */
export function LayarSesi({ rute }) {
  const { unit, thblrek } = useKonteks();
  const [jenis, , , kode, putaran] = rute.nomor.split("-"); // PS-54110-202606-A-01-…
  return html`<section class="layar-sesi" aria-label=${`Sesi ${rute.nomor}`}>
    <a class="tombol tombol-halus" href=${tautan(unit.unitup, thblrek, "riwayat")}><${Ikon} nama="kembali" />Riwayat</a>
    <${Judul} fokus=${rute.nomor}>${jenis === "PB" ? "Pembatalan" : "Pengesahan"} ${kode ?? ""}<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}${jenis === "PS" && putaran ? ` · putaran ${Number(putaran)}` : ""}</span><//>
    <${PanelSesi} key=${rute.nomor} nomor=${rute.nomor} jejakTerbuka />
  </section>`;
}

/** Read a stream of JSON lines; call `baris` for each. */
async function bacaBaris(jawaban, baris) {
  const pembaca = jawaban.body.pipeThrough(new TextDecoderStream()).getReader();
  let sisa = "";
  for (;;) {
    const { value, done } = await pembaca.read();
    sisa += value ?? "";
    const potong = sisa.split("\n");
    sisa = done ? "" : potong.pop();
    potong.filter((p) => p.trim()).forEach((p) => baris(JSON.parse(p)));
    if (done) return;
  }
}

/** Check all that this unit left: its entries' hashes against the seals, and every rule over again. */
function Keutuhan() {
  const { unit } = useKonteks();
  const [jalan, setJalan] = useState(null); // sentences of progress
  const [hasil, setHasil] = useState(null);
  const [galat, setGalat] = useState(null);
  const pembatal = useRef(null);
  async function periksa() {
    pembatal.current = new AbortController();
    setJalan([]);
    setHasil(null);
    setGalat(null);
    try {
      let akhir = null;
      await bacaBaris(await kirim("verifikasi", { unitup: unit.unitup }, pembatal.current.signal), (b) => {
        if (b.kemajuan !== undefined) setJalan((lama) => [...lama, b.kemajuan]);
        else akhir = b;
      });
      if (akhir?.galat) throw new Error(akhir.galat);
      if (akhir === null) throw new Error("Pemeriksaan terputus sebelum selesai. Ulangi.");
      setHasil(akhir);
      umumkan(akhir.utuh ? "Jejak utuh." : `${akhir.temuan.length} temuan.`);
    } catch (e) {
      if (e.name !== "AbortError") setGalat(e);
    }
    setJalan(null);
  }
  return html`<div class="kartu keutuhan">
    <div><h3>Keutuhan jejak</h3><p class="redup">Menghitung lagi setiap sidik, segel harian, dan aturan dari isi buku pengesahan.</p></div>
    ${jalan === null
      ? html`<button type="button" class="tombol" onClick=${periksa}><${Ikon} nama="kunci" />Periksa keutuhan</button>`
      : html`<button type="button" class="tombol" onClick=${() => pembatal.current.abort()}>Hentikan</button>`}
    ${jalan !== null && html`<div class="keutuhan-isi" role="status"><progress class="batang" aria-label="Pemeriksaan berjalan" /><p class="bergerak">${jalan[jalan.length - 1] ?? "Memulai …"}</p></div>`}
    <${Galat} galat=${galat} judul="Pemeriksaan tidak selesai" ulangi=${periksa} sendiri=${false} />
    ${hasil && html`<div class="keutuhan-isi"><${HasilKeutuhan} hasil=${hasil} /></div>`}
  </div>`;
}

function HasilKeutuhan({ hasil }) {
  const { unit, thblrek } = useKonteks();
  const dicakup = `${sekian(hasil.jejak, "entri jejak")}, ${sekian(hasil.sesi, "sesi")}${hasil.detik === undefined ? "" : `, ${angka(Number(hasil.detik).toFixed(1))} detik`}`;
  if (hasil.utuh && hasil.sesi === 0) return html`<${Pesan} nada="awas" judul="Belum ada sesi"><p>${hasil.putusan}</p>${(hasil.peringatan ?? []).map((p) => html`<p>${p}</p>`)}<//>`;
  if (hasil.utuh)
    return html`<${Pesan} nada="baik" ikon="setuju" judul="Utuh"><p>Semua cocok: ${dicakup}.</p><p class="redup kecil">Dasarnya: ${hasil.jangkar}.</p>${(hasil.peringatan ?? []).map((p) => html`<p>${p}</p>`)}<//>`;
  return html`<${Pesan} nada="buruk" judul=${sekian(hasil.temuan_jumlah ?? hasil.temuan.length, "temuan")} peran="alert"><p>${dicakup}. Laporkan kepada auditor beserta nomor sesinya; jangan memperbaiki sendiri.</p>
    <ul class="temuan">${hasil.temuan.slice(0, 50).map((t) => html`<li><b>${t.aturan}</b> ${t.sesi && html`<a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", t.sesi)}>${t.sesi}</a>`} ${t.apa}</li>`)}</ul><//>`;
}
