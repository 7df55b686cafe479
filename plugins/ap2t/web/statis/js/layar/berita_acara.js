// What is taken along of a session that ended well: the protocol on one A4 page, and exactly what was approved.

import { html, render } from "../../pustaka/preact.js";
import { angka } from "../angka.js";
import { unduh } from "../api.js";
import { useKerja } from "../jajak.js";
import { sebut } from "../kata.js";
import { Galat, Ikon } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { bulan, kini, lengkap } from "../waktu.js";

const DISEBUT = 16; // customers sent back that are named on the page

/** The buttons. */
export function Berkas({ data }) {
  const { saya, zona } = useKonteks();
  const { sibuk, galat, kerjakan } = useKerja();
  const { nomor } = data.sesi;
  const ambil = () => unduh(`sesi/${encodeURIComponent(nomor)}/hasil.csv`, {}, `${nomor}.csv`);
  return html`
    <button type="button" class="tombol" onClick=${() => cetak(html`<${BeritaAcara} data=${data} oleh=${saya.username} zona=${zona} />`)}>Cetak berita acara</button>
    <button type="button" class="tombol" disabled=${Boolean(sibuk)} onClick=${() => kerjakan(ambil)}><${Ikon} nama="unduh" />${sibuk ? "Menyiapkan …" : "Hasilnya (CSV)"}</button>
    <${Galat} galat=${galat} judul="Berkas tidak dapat diambil" />`;
}

/** Print something, and nothing else of the page. */
function cetak(isi) {
  const lembar = Object.assign(document.createElement("div"), { className: "lembar-cetak" });
  document.body.append(lembar);
  render(isi, lembar);
  const bersihkan = () => (render(null, lembar), lembar.remove());
  addEventListener("afterprint", bersihkan, { once: true });
  print();
}

function BeritaAcara({ data: { sesi, rekap, gerbang, kiriman, dilihat }, oleh, zona }) {
  const batal = sesi.jenis === "PEMBATALAN";
  const jawaban = gerbang.flatMap((satu) => (satu.jawaban ? [satu.jawaban] : []));
  const kembali = jawaban.flatMap(({ kembalikan }) => kembalikan ?? []);
  const baris = [
    [batal ? "Pelanggan yang diminta" : "Pelanggan dalam cuplikan", angka(rekap.hasil.pelanggan ?? rekap.diminta), null],
    [batal ? "Dapat dibatalkan" : "Lolos saringan", angka(rekap.hasil.lolos), rekap.hasil.kwh_lolos && `${angka(rekap.hasil.kwh_lolos)} kWh`],
    [batal ? "Tidak dapat dibatalkan" : "Ditahan saringan", angka(rekap.hasil.ditahan), rekap.alasan.map(({ nama, jumlah }) => `${nama} ${angka(jumlah)}`).join("; ")],
    ...(batal ? [] : [["Dikembalikan pengesah", angka(kembali.length), null]]),
    ...Object.entries(kiriman.per).map(([kode, jumlah]) => [sebut("hasil", kode).kata, angka(jumlah), "hasil di AP2T"]),
  ];
  return html`<article class="berita-acara">
    <h1>Berita acara ${batal ? "pembatalan pengesahan" : "pengesahan"} stan meter</h1>
    <p><b>${sesi.nama_unit ?? ""} (${sesi.unitup})</b>, kelompok hari baca <b>${sesi.hari_baca}</b>, rekening <b>${bulan(sesi.thblrek)}</b>, putaran ${sesi.putaran}. Sesi ${sesi.nomor}, dibuka ${lengkap(sesi.dibuka_pada, zona)}, selesai ${lengkap(sesi.diakhiri_pada, zona)}.</p>
    <table><tbody>${baris.map(([nama, jumlah, rinci]) => html`<tr><th scope="row">${nama}</th><td class="kanan">${jumlah}</td><td>${rinci}</td></tr>`)}</tbody></table>
    <h2>Persetujuan</h2>
    <ol>${jawaban.map((satu) => html`<li><b>${satu.keputusan === "SETUJU" ? "Sah/Setuju" : "Tolak"}</b> oleh <b>${satu.oleh}</b>, ${lengkap(satu.dijawab_pada, zona)}${satu.catatan && html`. Catatan: <q>${satu.catatan}</q>`}</li>`)}</ol>
    ${dilihat?.ditandai > 0 && jawaban.some((satu) => satu.oleh === oleh) && html`<p>${oleh} melihat satu per satu ${angka(dilihat.ditandai_saya)} dari ${angka(dilihat.ditandai)} pelanggan yang ditandai.</p>`}
    ${kembali.length > 0 && html`<h2>Dikembalikan kepada vendor</h2><ul class="dua">${kembali.slice(0, DISEBUT).map(({ idpel, alasan }) => html`<li>${idpel} ${alasan}</li>`)}</ul>${kembali.length > DISEBUT && html`<p>dan ${angka(kembali.length - DISEBUT)} lagi; selengkapnya ada di sesi ini.</p>`}`}
    <p class="kecil">Sidik isi yang disetujui: <span class="sidik">${sesi.sidik}</span>. Aturan versi ${sesi.versi_aturan}, batas ${angka(sesi.batas_jam_nyala, 0)} jam. Buku dan jejaknya yang menjadi bukti; lembar ini petikannya, dicetak ${oleh} ${lengkap(new Date(kini()).toISOString(), zona)}.</p>
    <div class="tanda-tangan"><div>SPV TE<span>${jawaban.map((satu) => satu.oleh).join(", ")}</span></div><div>Mengetahui<span>${" "}</span></div></div>
  </article>`;
}
