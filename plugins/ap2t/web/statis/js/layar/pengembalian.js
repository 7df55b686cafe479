// Customers of a unit and month that an approver sent back: since when, why, until when, and how far each is.

import { html } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { unduh } from "../api.js";
import { useAmbil, useKerja } from "../jajak.js";
import { kata, sebut, semuaKata } from "../kata.js";
import { Cap, CapSebut, DeretKode, Galat, Halaman, Ikon, Judul, Kosong, Pesan, Rangka, Tabel } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { tautan, useKueri } from "../rute.js";
import { bulan, hari, lengkap } from "../waktu.js";

const UKURAN = 50;
const AWAL = { keadaan: [], halaman: "1" };

export function LayarPengembalian() {
  const { unit, thblrek } = useKonteks();
  const [saring, ubah] = useKueri(AWAL);
  const { keadaan } = saring;
  const halaman = Number(saring.halaman) || 1;
  const { sibuk, galat: galatBerkas, kerjakan } = useKerja();
  const jalan = `unit/${unit.unitup}/${thblrek}/pengembalian`;
  const { data, galat, memuat, segarkan } = useAmbil(jalan, { jeda: 60_000 });
  const ada = semuaKata("tindak_lanjut").filter(([kode]) => data?.jumlah[kode] || keadaan.includes(kode));
  const baris = (data?.baris ?? []).filter((satu) => !keadaan.length || keadaan.includes(satu.keadaan));
  const terlambat = baris.filter((satu) => satu.terlambat).length;
  const ambilBerkas = () => unduh(`${jalan}.csv`, { kueri: { keadaan } }, `dikembalikan-${unit.unitup}-${thblrek}.csv`);
  return html`<section class="layar-sesi" aria-label="Pelanggan yang dikembalikan">
    <a class="tombol tombol-halus" href=${tautan(unit.unitup, thblrek, "pelanggan")}><${Ikon} nama="kembali" />Pelanggan</a>
    <div class="kepala-layar">
      <${Judul} fokus="dikembalikan">Dikembalikan<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}</span><//>
      <button type="button" class="tombol" disabled=${Boolean(sibuk) || !baris.length} onClick=${() => kerjakan(ambilBerkas)}><${Ikon} nama="unduh" />${sibuk ? "Menyiapkan …" : "CSV"}</button>
    </div>
    <${Galat} galat=${galatBerkas} judul="Berkas tidak dapat diambil" />
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${data?.galat_acmt && html`<${Pesan} nada="awas" judul="ACMT tidak menjawab"><p>${data.galat_acmt} Yang tampak hanya menurut buku pengesahan.</p><//>`}
    ${memuat && html`<${Rangka} baris=${6} apa="Memuat yang dikembalikan" />`}
    ${data &&
    html`<${DeretKode} nama="Menurut keadaan" isi=${ada.map(([kode, nama]) => [kode, nama, data.jumlah[kode], sebut("tindak_lanjut", kode).nada])} dipilih=${keadaan} ubah=${(pilihan) => ubah({ keadaan: pilihan, halaman: "1" })} />
      ${terlambat > 0 && html`<p class="teks-awas" role="status">${sekian(terlambat)} lewat batas dan belum dikirim lagi.</p>`}
      ${baris.length
        ? html`<${TabelDikembalikan} baris=${baris.slice((halaman - 1) * UKURAN, halaman * UKURAN)} />`
        : html`<${Kosong} judul="Tidak ada yang dikembalikan" ikon="daftar">${keadaan.length > 0 ? html`<button type="button" class="tombol" onClick=${() => ubah(AWAL)}>Kosongkan saringan</button>` : "Pelanggan yang dikembalikan pengesah bulan ini muncul di sini."}<//>`}
      <${Halaman} jumlah=${baris.length} halaman=${halaman} ukuran=${UKURAN} ke=${(tujuan) => ubah({ halaman: String(tujuan) })} />`}
  </section>`;
}

function TabelDikembalikan({ baris }) {
  const { unit, thblrek, zona } = useKonteks();
  return html`<${Tabel} nama="Dikembalikan" kolom=${[["Pelanggan"], ["Kelompok"], ["Keadaan"], ["Alasan"], ["Dikembalikan"], ["Umur", "kanan"], ["Batas"]]}>
    ${baris.map(
      (satu) => html`<tr role="row" key=${satu.idpel}>
        <th role="rowheader" scope="row"><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", satu.idpel)}>${satu.idpel}</a><div class="nama">${satu.nama ?? "tanpa nama"}</div><div class="redup kecil">${[satu.kddk, satu.tarif].filter(Boolean).join(" · ")}</div></th>
        <td role="cell" data-nama="Kelompok"><span class="ubin ubin-kecil">${satu.hari_baca}</span></td>
        <td role="cell" data-nama="Keadaan"><div class="tanda-deret"><${CapSebut} jenis="tindak_lanjut" kode=${satu.keadaan} />${satu.sesi_akhir && html`<a class="tautan kecil" href=${tautan(unit.unitup, thblrek, "sesi", satu.sesi_akhir)}>${satu.putaran ? `putaran ${angka(satu.putaran)}` : "sesi"}</a>`}${satu.sebab.map((kode) => html`<span class="kecil redup">${kata(kode)}</span>`)}</div></td>
        <td role="cell" class="kecil sel-keterangan" data-nama="Alasan">${satu.alasan}</td>
        <td role="cell" class="kecil" data-nama="Dikembalikan"><a class="tautan" href=${tautan(unit.unitup, thblrek, "sesi", satu.sesi)}>${lengkap(satu.dikembalikan, zona)}</a><div class="redup">${satu.oleh}</div></td>
        <td role="cell" class="kanan" data-nama="Umur">${angka(satu.umur_hari)} hari</td>
        <td role="cell" class="kecil" data-nama="Batas"><div class="tanda-deret">${hari(satu.batas)}${satu.terlambat && html`<${Cap} nada="buruk" ikon="awas">terlambat<//>`}</div></td>
      </tr>`,
    )}
  <//>`;
}
