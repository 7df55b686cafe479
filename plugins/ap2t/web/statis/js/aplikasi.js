// The page: who looks at which unit and month, and which screen.

import { html, render, useEffect, useRef, useState } from "../pustaka/preact.js";
import { ambil, buka, login } from "./api.js";
import { diSimpanan } from "./draf.js";
import { useJajak } from "./jajak.js";
import { muatKata } from "./kata.js";
import { Galat, Ikon, Kosong, Pesan, Rangka, Suara } from "./komponen.js";
import { Konteks, buatKonteks, judulTab, useKonteks } from "./konteks.js";
import { LayarKelompok } from "./layar/kelompok.js";
import { LayarPelanggan } from "./layar/pelanggan.js";
import { LayarPembatalan } from "./layar/pembatalan.js";
import { LayarRiwayat, LayarSesi } from "./layar/riwayat.js";
import { LayarRun } from "./layar/run.js";
import { ke, tautan, useRute } from "./rute.js";
import { bulan } from "./waktu.js";

const MENU = [
  ["kelompok", "Kelompok", "daftar"],
  ["pelanggan", "Pelanggan", "orang"],
  ["pembatalan", "Pembatalan", "batal"],
  ["riwayat", "Riwayat", "jam"],
];
const LAYAR = { kelompok: LayarKelompok, pelanggan: LayarPelanggan, pembatalan: LayarPembatalan, riwayat: LayarRiwayat, sesi: LayarSesi };
const UNIT_TERAKHIR = "pengesahan:unit";

/** Who looks; the words are fetched at the same time, so that nobody waits twice. */
async function muatSaya(sinyal) {
  const [saya] = await Promise.all([ambil("saya", { sinyal }), muatKata(sinyal)]);
  return saya;
}

function Aplikasi() {
  const rute = useRute();
  const { data: saya, galat, segarkan } = useJajak("saya", muatSaya, 60_000);
  let isi;
  if (!saya) isi = galat ? html`<${TidakMasuk} galat=${galat} ulangi=${segarkan} />` : html`<main class="isi"><${Rangka} baris=${8} /></main>`;
  else if (rute.layar === "run") isi = html`<${LayarRun} key=${saya.username} saya=${saya} rute=${rute} />`;
  else isi = html`<${Halaman} key=${saya.username} saya=${saya} rute=${rute} />`;
  return html`<${Masuk} saya=${saya} />${isi}<div id="umuman" class="suara" role="status" aria-live="polite" />`;
}

/** Nothing can be shown: no right, no server, no login. */
function TidakMasuk({ galat, ulangi }) {
  if (galat.status === 403) {
    return html`<main class="isi"><${Kosong} judul="Anda belum punya akses ke halaman ini" ikon="kunci"><p>${galat.rincian}</p><button type="button" class="tombol" onClick=${ulangi}>Periksa lagi</button><//></main>`;
  }
  if (galat.status === 401) return html`<main class="isi"><${Kosong} judul="Silakan masuk" ikon="kunci">Halaman ini memakai login Airflow.<//></main>`;
  return html`<main class="isi"><${Galat} galat=${galat} ulangi=${ulangi} /></main>`;
}

/** The login has ended: say so, keep everything, and notice by itself when it holds again. */
function Masuk({ saya }) {
  const [habis, setHabis] = useState(false);
  useEffect(() => {
    const dengar = ({ type }) => setHabis(type === "habis");
    for (const jenis of ["habis", "masuk"]) login.addEventListener(jenis, dengar); // for as long as the page lives
  }, []);
  useEffect(() => {
    if (!habis) return undefined;
    const pewaktu = setInterval(() => ambil("saya").catch(() => {}), 5000);
    return () => clearInterval(pewaktu);
  }, [habis]);
  if (!habis) return null;
  return html`<div class="pita pita-masuk" role="alert">
    <${Ikon} nama="kunci" /><p><b>Sesi login berakhir.</b> Yang sudah Anda tulis tetap tersimpan.</p>
    <button type="button" class="tombol tombol-utama" onClick=${() => buka(alamatMasuk(saya))}>Masuk lagi</button>
  </div>`;
}

/** Airflow's login, and back to where the person is: the window around us where we are embedded. */
function alamatMasuk(saya) {
  let tempat = location.href;
  try {
    tempat = window.parent.location.href;
  } catch {
    // another origin around us: come back to the page itself
  }
  const url = new URL(saya?.masuk_url ?? "../auth/login", document.baseURI);
  url.searchParams.set("next", tempat);
  return url.href;
}

function pilihUnit(saya, unitup) {
  const terakhir = diSimpanan((simpanan) => simpanan.getItem(UNIT_TERAKHIR), "localStorage");
  const cari = (kode) => saya.unit.find((unit) => unit.unitup === kode);
  return cari(unitup) ?? (unitup ? null : (cari(terakhir) ?? saya.unit[0]));
}

let layarTerakhir = null;

function Halaman({ saya, rute }) {
  const unit = pilihUnit(saya, rute.unitup);
  const thblrek = rute.thblrek ?? unit?.bulan_kini;
  const utama = useRef();
  useEffect(() => {
    const nama = MENU.find(([layar]) => layar === rute.layar)?.[1] ?? "Sesi";
    judulTab({ layar: `${rute.kode ? `Kelompok ${rute.kode}` : nama} · Pengesahan` });
    if (layarTerakhir !== null && layarTerakhir !== rute.layar) utama.current?.querySelector("h1")?.focus();
    layarTerakhir = rute.layar;
  }, [rute.layar, rute.kode]);
  useEffect(() => {
    if (unit) diSimpanan((simpanan) => simpanan.setItem(UNIT_TERAKHIR, unit.unitup), "localStorage");
  }, [unit?.unitup]);
  if (!saya.unit.length) return html`<main class="isi"><${Kosong} judul="Belum ada unit untuk Anda" ikon="kunci">Akun ${saya.username} belum memegang ADMIN_CMT di unit mana pun. Mintalah kepada pengelola petugas ACMT, atau delegasi dari SPV TE.<//></main>`;
  if (!unit) return html`<main class="isi"><${Pesan} nada="awas" ikon="kunci" judul=${`Unit ${rute.unitup} bukan unit Anda`}><p><a class="tautan" href="#/">Buka unit saya</a></p><//></main>`;
  const Layar = LAYAR[rute.layar] ?? LayarKelompok;
  return html`<${Konteks.Provider} value=${buatKonteks(saya, unit, thblrek)}>
    <a class="lompat" href="#isi" onClick=${(peristiwa) => (peristiwa.preventDefault(), utama.current.focus())}>Lompat ke isi</a>
    <${Kepala} layar=${rute.layar === "sesi" ? "riwayat" : rute.layar} />
    <main class="isi" id="isi" tabindex="-1" ref=${utama}>
      ${saya.galat_acmt && html`<${Pesan} nada="awas" judul="Daftar unit atau bulan mungkin tidak lengkap"><p>${saya.galat_acmt}</p><//>`}
      <${Layar} rute=${rute} />
    </main>
  <//>`;
}

function Kepala({ layar }) {
  const { saya, unit, thblrek, bertindak } = useKonteks();
  const bagian = layar === "kelompok" ? undefined : layar;
  const semuaBulan = unit.bulan.includes(thblrek) ? unit.bulan : [thblrek, ...unit.bulan];
  const pindahBulan = ({ currentTarget: { value } }) => ke(tautan(unit.unitup, value, bagian));
  const pindahUnit = ({ currentTarget: { value } }) => ke(tautan(value, saya.unit.find(({ unitup }) => unitup === value).bulan_kini, bagian));
  return html`<header class="kepala">
    <div class="kepala-atas">
      <span class="merek"><img src="statis/ikon.svg" alt="" width="26" height="26" />Pengesahan</span>
      <div class="kepala-pilih">
        ${saya.unit.length > 1
          ? html`<label><${Suara}>Unit<//><select value=${unit.unitup} onChange=${pindahUnit}>${saya.unit.map(({ unitup, nama }) => html`<option value=${unitup}>${unitup} ${nama ?? ""}</option>`)}</select></label>`
          : html`<span class="unit-satu">${unit.nama ?? ""} <span class="redup">${unit.unitup}</span></span>`}
        <label><${Suara}>Bulan rekening<//><select value=${thblrek} onChange=${pindahBulan}>${semuaBulan.map((satu) => html`<option value=${satu}>${bulan(satu)}</option>`)}</select></label>
      </div>
      <span class="siapa"><${Ikon} nama="orang" /><span>${saya.username}</span>${!bertindak && html`<span class="hanya-baca">hanya baca</span>`}</span>
    </div>
    <nav class="menu" aria-label="Layar">
      ${MENU.map(([kunci, nama, ikon]) => html`<a href=${tautan(unit.unitup, thblrek, kunci === "kelompok" ? "" : kunci)} aria-current=${layar === kunci ? "page" : undefined}><${Ikon} nama=${ikon} />${nama}</a>`)}
    </nav>
  </header>`;
}

const akar = document.getElementById("aplikasi");
akar.textContent = "";
render(html`<${Aplikasi} />`, akar);

