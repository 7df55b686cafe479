// The customers of a session: what to look at, who is held, the sample; each with what an SPV TE needs to judge it.

import { html, useState } from "../../pustaka/preact.js";
import { angka, perubahan } from "../angka.js";
import { ambil, buka } from "../api.js";
import { useJajak } from "../jajak.js";
import { HASIL, kata, terbuka } from "../kata.js";
import { Cap, Dialog, Galat, Halaman, Ikon, Kosong, Rangka, Suara } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { lengkap, rentang } from "../waktu.js";

const UKURAN = 15;

function jumlahKode(daftar) {
  return (daftar ?? []).reduce((n, k) => n + k.jumlah, 0);
}

function lembar({ sesi, rekap, gerbang }) {
  const kembali = gerbang.reduce((n, g) => n + (g.jawaban?.kembalikan?.length ?? 0), 0);
  return [
    ["dlpd", "Perlu diperhatikan", null],
    ["ditahan", "Ditahan", rekap.hasil.ditahan],
    ...(rekap.sampel ? [["sampel", "Sampel pemeriksaan", rekap.sampel.length]] : []),
    ...(kembali ? [["dikembalikan", "Dikembalikan", kembali]] : []),
    ["semua", terbuka(sesi) ? "Semua" : "Semua pelanggan", rekap.hasil.pelanggan],
  ];
}

/** The lists of a session's customers. */
export function BarisSesi({ data, pilih }) {
  const { sesi, rekap } = data;
  const isi = lembar(data);
  const [saring, setSaring] = useState(jumlahKode(rekap.dlpd) ? "dlpd" : rekap.hasil.ditahan ? "ditahan" : "semua");
  const [kode, setKode] = useState("");
  const [halaman, setHalaman] = useState(1);
  const jalan = `sesi/${encodeURIComponent(sesi.nomor)}/baris`;
  const kueri = { saring, kode, halaman, ukuran: UKURAN };
  const { data: daftar, galat, memuat, segarkan } = useJajak(`${jalan}?${JSON.stringify(kueri)}`, (sinyal) => ambil(jalan, { kueri, sinyal }));
  const kodeAda = saring === "dlpd" ? rekap.dlpd : saring === "ditahan" ? rekap.alasan : [];

  function ganti(baru) {
    setSaring(baru);
    setKode("");
    setHalaman(1);
  }

  return html`<section class="baris-sesi" aria-label="Pelanggan sesi ini">
    <div class="pilihan" role="group" aria-label="Daftar pelanggan">
      ${isi.map(([kunci, nama, jumlah]) => html`<button type="button" aria-pressed=${saring === kunci} onClick=${() => ganti(kunci)}>${nama} ${jumlah !== null && html`<span class="hitung">${angka(jumlah)}</span>`}</button>`)}
    </div>
    ${kodeAda?.length > 0 &&
    html`<div class="kode-deret" role="group" aria-label="Menurut sebab">
      <button type="button" class="kode" aria-pressed=${kode === ""} onClick=${() => (setKode(""), setHalaman(1))}>semua sebab</button>
      ${kodeAda.map((k) => html`<button type="button" class="kode" aria-pressed=${kode === k.kode} onClick=${() => (setKode(k.kode), setHalaman(1))}>${k.nama ?? kata(k.kode)} <span class="hitung">${angka(k.jumlah)}</span></button>`)}
    </div>`}
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${5} apa="Memuat pelanggan" />`}
    ${daftar && (daftar.baris.length ? html`<${TabelBaris} baris=${daftar.baris} zona=${sesi.zona_waktu} pilih=${saring === "ditahan" ? null : pilih} selesai=${!terbuka(sesi)} />` : html`<${Kosong} judul=${saring === "dlpd" ? "Tidak ada yang perlu diperhatikan" : "Tidak ada pelanggan dalam daftar ini"} />`)}
    ${daftar && html`<${Halaman} jumlah=${daftar.jumlah} halaman=${halaman} ukuran=${UKURAN} ke=${setHalaman} />`}
  </section>`;
}

const KOLOM = ["Pelanggan", "Stan dan kWh", "Jam nyala", "Perlu dilihat", "Diverifikasi, sesudah dibaca", ""];

export function TabelBaris({ baris, zona, pilih, selesai }) {
  const [foto, setFoto] = useState(null);
  return html`<div class="tabel-wadah">
    <table class="tabel tabel-kartu tabel-baris" role="table" aria-label="Pelanggan">
      <thead role="rowgroup"><tr role="row">
        ${KOLOM.map((nama, i) => html`<th role="columnheader" scope="col" class=${i === 2 ? "kanan" : ""}>${nama || html`<${Suara}>Foto dan pengembalian<//>`}</th>`)}
      </tr></thead>
      <tbody role="rowgroup">${baris.map((b) => html`<${Satu} key=${b.idpel} b=${b} zona=${zona} pilih=${pilih} selesai=${selesai} lihat=${setFoto} />`)}</tbody>
    </table>
    ${foto && html`<${Foto} b=${foto} tutup=${() => setFoto(null)} />`}
  </div>`;
}

function Satu({ b, zona, pilih, selesai, lihat }) {
  const { unit, thblrek } = useKonteks();
  const kembali = pilih?.ada(b.idpel);
  const beda = perubahan(b.kwh, b.kwh_lalu);
  const tanda = [...(b.alasan ?? []).map((k) => [k, "awas"]), ...(b.dlpd ?? []).map((k) => [k, "netral"])];
  return html`<tr role="row" class=${kembali ? "dikembalikan" : ""}>
    <th role="rowheader" scope="row"><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", b.idpel)}>${b.idpel}</a>
      <div class="nama">${b.nama ?? "tanpa nama"}</div><div class="redup kecil">${[b.tarif, b.daya && `${angka(b.daya, 0)} VA`].filter(Boolean).join(" · ")}</div></th>
    <td role="cell" class="sel-kwh" data-nama="Stan dan kWh"><${Stan} b=${b} />
      <div><b>${angka(b.kwh)}</b> kWh${beda && html` <span class=${Math.abs(beda.persen) >= 50 ? "teks-awas" : "redup"}>${beda.teks}</span>`}</div>
      <div class="redup kecil">lalu ${angka(b.kwh_lalu)} · rata-rata ${angka(b.kwh_rata3)}</div></td>
    <td role="cell" class="kanan" data-nama="Jam nyala">${angka(b.jam_nyala, 1)}</td>
    <td role="cell" data-nama="Perlu dilihat"><div class="tanda-deret">
      ${selesai && b.hasil && html`<${Cap} nada=${(HASIL[b.hasil] ?? ["", "netral"])[1]}>${(HASIL[b.hasil] ?? [b.hasil])[0]}<//>`}
      ${tanda.map(([k, nada]) => html`<${Cap} nada=${nada}>${kata(k)}<//>`)}
      ${b.rantai && html`<span class="kecil">${b.rantai}</span>`}
      ${b.alasan?.includes("TGL_BACA_TIDAK_WAJAR") && html`<span class="kecil">dibaca ${lengkap(b.tgl_baca, zona)}</span>`}
      ${Object.entries(b.cacat ?? {}).map(([kolom, isi]) => html`<span class="kecil teks-awas">${kolom === "ganda" ? `${isi} di ACMT` : `${kolom} tidak terbaca: ${isi}`}</span>`)}
      ${b.kelainan && html`<span class="kecil redup">kelainan ${b.kelainan}</span>`}
      ${!tanda.length && !(selesai && b.hasil) && html`<span class="redup">–</span>`}</div></td>
    <td role="cell" data-nama="Diverifikasi, sesudah dibaca"><${Verif} peran="Pengawas" oleh=${b.pengawas} sesudah=${b.pengawas_jam} pada=${b.pengawas_pada} zona=${zona} /><${Verif} peran="Vendor" oleh=${b.vendor} sesudah=${b.vendor_jam} pada=${b.vendor_pada} zona=${zona} />
      ${b.diubah_pada && html`<div class="kecil teks-awas">diubah ${lengkap(b.diubah_pada, zona)}</div>`}</td>
    <td role="cell" class="sel-aksi"><div>
      ${urlFoto(b.foto_url) ? html`<button type="button" class="tombol tombol-kecil" onClick=${() => lihat(b)}><${Ikon} nama="foto" />Foto<${Suara}> ${b.idpel}<//></button>` : html`<span class="redup kecil">tanpa foto</span>`}
      ${pilih && html`<button type="button" class=${`tombol tombol-kecil${kembali ? " tombol-tekan" : ""}`} aria-pressed=${Boolean(kembali)} onClick=${() => pilih.ubah(b)}>${kembali ? "Dikembalikan" : "Kembalikan"}<${Suara}> ${b.idpel}<//></button>`}
    </div></td>
  </tr>`;
}

function Stan({ b }) {
  const wbp = b.slawbp !== null && b.slawbp !== undefined;
  const ada = (n) => n !== null && n !== undefined;
  return html`<div class="stan">${angka(b.slalwbp)} → <b>${angka(b.sahlwbp)}</b></div>
    ${(wbp || ada(b.sahwbp)) && html`<div class="redup kecil">WBP ${angka(b.slawbp)} → ${angka(b.sahwbp)}</div>`}
    ${(ada(b.slakvarh) || ada(b.sahkvarh)) && html`<div class="redup kecil">kVArh ${angka(b.slakvarh)} → ${angka(b.sahkvarh)}</div>`}
    ${(Number(b.lwbpcabut) || Number(b.lwbppasang)) > 0 && html`<div class="redup kecil">cabut ${angka(b.lwbpcabut)}, pasang ${angka(b.lwbppasang)}</div>`}`;
}

function Verif({ peran, oleh, sesudah, pada, zona }) {
  if (!oleh) return html`<div class="kecil redup">${peran} –</div>`;
  const lama = rentang(sesudah);
  const lekas = lama !== null && Number(sesudah) < 5 / 60;
  return html`<div class="kecil verif" title=${`${peran}: ${lengkap(pada, zona)}`}><span class="suara">${peran} </span>${oleh}${lama && html` <span class=${lekas ? "teks-awas" : "redup"}>${lama}<${Suara}> sesudah dibaca<//></span>`}</div>`;
}

/** Only addresses of the web: what else stands there is not opened. */
function urlFoto(teks) {
  try {
    const url = new URL(teks);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The photo, fetched only now that somebody asks for it. */
export function Foto({ b, tutup }) {
  const [gagal, setGagal] = useState(false);
  const href = urlFoto(b.foto_url);
  return html`<${Dialog} judul=${`Foto meter ${b.idpel}`} tutup=${tutup} lebar>
    ${!href.startsWith("https:")
      ? html`<${Kosong} judul="Foto ini tidak lewat sambungan aman" ikon="foto">Alamatnya http, jadi tidak ditampilkan di sini. Buka di tab baru.<//>`
      : gagal
      ? html`<${Kosong} judul="Foto tidak dapat ditampilkan" ikon="foto">Server foto tidak menjawab atau tidak mengizinkannya di sini. Coba buka di tab baru.<//>`
      : html`<img class="foto" src=${href} alt=${`Foto meter pelanggan ${b.idpel}`} referrerpolicy="no-referrer" onError=${() => setGagal(true)} />`}
    <p class="pasangan-baris"><span>Stan ${angka(b.slalwbp)} → <b>${angka(b.sahlwbp)}</b></span><span>${angka(b.kwh)} kWh</span></p>
    <div class="dialog-kaki">
      <button type="button" class="tombol" onClick=${() => buka(href, { tabBaru: true })}><${Ikon} nama="keluar" />Buka di tab baru</button>
      <button type="button" class="tombol tombol-utama" onClick=${tutup}>Tutup</button>
    </div>
  <//>`;
}
