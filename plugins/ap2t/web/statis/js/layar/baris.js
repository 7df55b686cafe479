// The customers of a session: what to look at, who is held, the sample; each with what an SPV TE needs to judge it.

import { html, useState } from "../../pustaka/preact.js";
import { angka, perubahan } from "../angka.js";
import { buka } from "../api.js";
import { useAmbil } from "../jajak.js";
import { kata, sebut, terbuka } from "../kata.js";
import { Cap, Dialog, Galat, Halaman, Ikon, Kosong, Rangka, Suara, Tabel } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan } from "../rute.js";
import { lengkap, rentang } from "../waktu.js";

const UKURAN = 15;

/** The lists there are: [filter, name, how many]. */
function semuaDaftar({ sesi, rekap, gerbang }) {
  const kembali = gerbang.flatMap(({ jawaban }) => jawaban?.kembalikan ?? []).length;
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
  const [saring, setSaring] = useState(rekap.dlpd?.length ? "dlpd" : rekap.hasil.ditahan ? "ditahan" : "semua");
  const [kode, setKode] = useState("");
  const [halaman, setHalaman] = useState(1);
  const kueri = { saring, kode, halaman, ukuran: UKURAN };
  const { data: daftar, galat, memuat, segarkan } = useAmbil(`sesi/${encodeURIComponent(sesi.nomor)}/baris`, { kueri });
  const kodeAda = saring === "dlpd" ? rekap.dlpd : saring === "ditahan" ? rekap.alasan : [];

  function ganti(baru, kodeBaru = "") {
    setSaring(baru);
    setKode(kodeBaru);
    setHalaman(1);
  }

  return html`<section class="baris-sesi" aria-label="Pelanggan sesi ini">
    <div class="pilihan" role="group" aria-label="Daftar pelanggan">
      ${semuaDaftar(data).map(([kunci, nama, jumlah]) => html`<button type="button" aria-pressed=${saring === kunci} onClick=${() => ganti(kunci)}>${nama} ${jumlah !== null && html`<span class="hitung">${angka(jumlah)}</span>`}</button>`)}
    </div>
    ${kodeAda?.length > 0 &&
    html`<div class="kode-deret" role="group" aria-label="Menurut sebab">
      <button type="button" class="kode" aria-pressed=${kode === ""} onClick=${() => ganti(saring)}>semua sebab</button>
      ${kodeAda.map((satu) => html`<button type="button" class="kode" aria-pressed=${kode === satu.kode} onClick=${() => ganti(saring, satu.kode)}>${satu.nama} <span class="hitung">${angka(satu.jumlah)}</span></button>`)}
    </div>`}
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${memuat && html`<${Rangka} baris=${5} apa="Memuat pelanggan" />`}
    ${daftar && (daftar.baris.length ? html`<${TabelBaris} baris=${daftar.baris} zona=${sesi.zona_waktu} pilih=${saring === "ditahan" ? null : pilih} selesai=${!terbuka(sesi)} />` : html`<${Kosong} judul=${saring === "dlpd" ? "Tidak ada yang perlu diperhatikan" : "Tidak ada pelanggan dalam daftar ini"} />`)}
    ${daftar && html`<${Halaman} jumlah=${daftar.jumlah} halaman=${halaman} ukuran=${UKURAN} ke=${setHalaman} />`}
  </section>`;
}

const KOLOM = [["Pelanggan"], ["Stan dan kWh"], ["Jam nyala", "kanan"], ["Perlu dilihat"], ["Diverifikasi, sesudah dibaca"], [html`<${Suara}>Foto dan pengembalian<//>`]];

function TabelBaris({ baris, zona, pilih, selesai }) {
  const [foto, setFoto] = useState(null);
  return html`<${Tabel} nama="Pelanggan" kelas="tabel-baris" kolom=${KOLOM}>
      ${baris.map((satu) => html`<${BarisPelanggan} key=${satu.idpel} baris=${satu} zona=${zona} pilih=${pilih} selesai=${selesai} lihat=${setFoto} />`)}
    <//>
    ${foto && html`<${Foto} baris=${foto} tutup=${() => setFoto(null)} />`}`;
}

function BarisPelanggan({ baris, zona, pilih, selesai, lihat }) {
  const { unit, thblrek } = useKonteks();
  const kembali = pilih?.ada(baris.idpel);
  const tanda = [...(baris.alasan ?? []).map((kode) => [kode, "awas"]), ...(baris.dlpd ?? []).map((kode) => [kode, "netral"])];
  const hasil = selesai && baris.hasil ? sebut("hasil", baris.hasil) : null;
  return html`<tr role="row" class=${kembali ? "dikembalikan" : ""}>
    <th role="rowheader" scope="row"><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", baris.idpel)}>${baris.idpel}</a>
      <div class="nama">${baris.nama ?? "tanpa nama"}</div><div class="redup kecil">${[baris.tarif, baris.daya && `${angka(baris.daya, 0)} VA`].filter(Boolean).join(" · ")}</div></th>
    <td role="cell" class="sel-kwh" data-nama="Stan dan kWh"><${Stan} baris=${baris} />
      <div><b>${angka(baris.kwh)}</b> kWh<${Perubahan} kini=${baris.kwh} lalu=${baris.kwh_lalu} /></div>
      <div class="redup kecil">lalu ${angka(baris.kwh_lalu)} · rata-rata ${angka(baris.kwh_rata3)}</div></td>
    <td role="cell" class="kanan" data-nama="Jam nyala">${angka(baris.jam_nyala, 1)}</td>
    <td role="cell" data-nama="Perlu dilihat"><div class="tanda-deret">
      ${hasil && html`<${Cap} nada=${hasil.nada}>${hasil.kata}<//>`}
      ${tanda.map(([kode, nada]) => html`<${Cap} nada=${nada}>${kata(kode)}<//>`)}
      ${baris.rantai && html`<span class="kecil">${baris.rantai}</span>`}
      ${baris.alasan?.includes("TGL_BACA_TIDAK_WAJAR") && html`<span class="kecil">dibaca ${lengkap(baris.tgl_baca, zona)}</span>`}
      ${Object.entries(baris.cacat ?? {}).map(([kolom, isi]) => html`<span class="kecil teks-awas">${kolom === "ganda" ? `${isi} di ACMT` : `${kolom} tidak terbaca: ${isi}`}</span>`)}
      ${baris.kelainan && html`<span class="kecil redup">kelainan ${baris.kelainan}</span>`}
      ${!tanda.length && !hasil && html`<span class="redup">–</span>`}</div></td>
    <td role="cell" data-nama="Diverifikasi, sesudah dibaca"><${Verif} peran="Pengawas" oleh=${baris.pengawas} sesudah=${baris.pengawas_jam} pada=${baris.pengawas_pada} zona=${zona} /><${Verif} peran="Vendor" oleh=${baris.vendor} sesudah=${baris.vendor_jam} pada=${baris.vendor_pada} zona=${zona} />
      ${baris.diubah_pada && html`<div class="kecil teks-awas">diubah ${lengkap(baris.diubah_pada, zona)}</div>`}</td>
    <td role="cell" class="sel-aksi"><div>
      ${urlFoto(baris.foto_url) ? html`<button type="button" class="tombol tombol-kecil" onClick=${() => lihat(baris)}><${Ikon} nama="foto" />Foto<${Suara}> ${baris.idpel}<//></button>` : html`<span class="redup kecil">tanpa foto</span>`}
      ${pilih && html`<button type="button" class=${`tombol tombol-kecil${kembali ? " tombol-tekan" : ""}`} aria-pressed=${Boolean(kembali)} onClick=${() => pilih.ubah(baris)}>${kembali ? "Dikembalikan" : "Kembalikan"}<${Suara}> ${baris.idpel}<//></button>`}
    </div></td>
  </tr>`;
}

/** How much more or less, in percent. */
export function Perubahan({ kini, lalu }) {
  const beda = perubahan(kini, lalu);
  return beda && html` <span class=${Math.abs(beda.persen) >= 50 ? "teks-awas" : "redup"}>${beda.teks}</span>`;
}

function Stan({ baris }) {
  const ada = (nilai) => nilai !== null && nilai !== undefined;
  return html`<div class="stan">${angka(baris.slalwbp)} → <b>${angka(baris.sahlwbp)}</b></div>
    ${(ada(baris.slawbp) || ada(baris.sahwbp)) && html`<div class="redup kecil">WBP ${angka(baris.slawbp)} → ${angka(baris.sahwbp)}</div>`}
    ${(ada(baris.slakvarh) || ada(baris.sahkvarh)) && html`<div class="redup kecil">kVArh ${angka(baris.slakvarh)} → ${angka(baris.sahkvarh)}</div>`}
    ${(Number(baris.lwbpcabut) || Number(baris.lwbppasang)) > 0 && html`<div class="redup kecil">cabut ${angka(baris.lwbpcabut)}, pasang ${angka(baris.lwbppasang)}</div>`}`;
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
export function Foto({ baris, tutup }) {
  const [gagal, setGagal] = useState(false);
  const href = urlFoto(baris.foto_url);
  return html`<${Dialog} judul=${`Foto meter ${baris.idpel}`} tutup=${tutup} lebar>
    ${!href.startsWith("https:")
      ? html`<${Kosong} judul="Foto ini tidak lewat sambungan aman" ikon="foto">Alamatnya http, jadi tidak ditampilkan di sini. Buka di tab baru.<//>`
      : gagal
      ? html`<${Kosong} judul="Foto tidak dapat ditampilkan" ikon="foto">Server foto tidak menjawab atau tidak mengizinkannya di sini. Coba buka di tab baru.<//>`
      : html`<img class="foto" src=${href} alt=${`Foto meter pelanggan ${baris.idpel}`} referrerpolicy="no-referrer" onError=${() => setGagal(true)} />`}
    <p class="pasangan-baris"><span>Stan ${angka(baris.slalwbp)} → <b>${angka(baris.sahlwbp)}</b></span><span>${angka(baris.kwh)} kWh</span></p>
    <div class="dialog-kaki">
      <button type="button" class="tombol" onClick=${() => buka(href, { tabBaru: true })}><${Ikon} nama="keluar" />Buka di tab baru</button>
      <button type="button" class="tombol tombol-utama" onClick=${tutup}>Tutup</button>
    </div>
  <//>`;
}
