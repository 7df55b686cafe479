// One customer after another: the photo beside the months, the numbers and the neighbours; by keyboard alone.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { ambil } from "../api.js";
import { kata } from "../kata.js";
import { Cap, Dialog, Galat, Ikon, Pasangan, Pesan, Rangka, Suara } from "../komponen.js";
import { useKonteks } from "../konteks.js";
import { aturPintasan, pintasanHidup, usePintasan } from "../pintasan.js";
import { tautan } from "../rute.js";
import { bulan as namaBulan, lengkap, rentang } from "../waktu.js";
import { GrafikBulan, TabelBulan } from "./bulan.js";
import { FotoBesar, Gambar, muatDahulu, urlFoto } from "./foto.js";
import { Pemeriksaan } from "./pemeriksaan.js";

export const ALASAN_BIASA = ["foto buram atau gelap", "foto tidak ada", "stan tidak sesuai foto", "salah baca di lapangan", "bukan meter pelanggan ini", "lokasi tidak sesuai", "ditaksir, mohon dibaca"];
const ALASAN_MAKS = 500;
const FOTO_LALU = 5;
const DIPEGANG = 30; // customers that are held for whoever comes back to them
const TOMBOL = [
  ["J atau →", "berikutnya"],
  ["K atau ←", "sebelumnya"],
  ["Spasi", "tandai sudah dilihat, lalu berikutnya"],
  ["R, lalu 1–7", "kembalikan dengan alasan itu, lalu berikutnya"],
  ["+ − O", "perbesar, perkecil, putar foto"],
  ["Esc", "kembali ke daftar, di tempat yang sama"],
];

const dipegang = new Map();

/** One customer of a session, as `orang` sees it: asked for once, and held where all of it was told. */
function ambilSatu(orang, nomor, idpel) {
  const kunci = `${orang}/${nomor}/${idpel}`;
  if (!dipegang.has(kunci)) {
    const janji = ambil(`sesi/${encodeURIComponent(nomor)}/pelanggan/${idpel}`);
    janji.then(({ galat_acmt }) => galat_acmt && dipegang.delete(kunci), () => dipegang.delete(kunci));
    dipegang.set(kunci, janji);
    if (dipegang.size > DIPEGANG) dipegang.delete(dipegang.keys().next().value);
  }
  return dipegang.get(kunci);
}

/** What was written of a customer that is held. */
function perbarui(orang, nomor, idpel, isi) {
  const kunci = `${orang}/${nomor}/${idpel}`;
  const lama = dipegang.get(kunci);
  if (lama) dipegang.set(kunci, lama.then((data) => ({ ...data, ...isi })));
}

const fotoLalu = (data) => data.bulan.filter(({ foto_url }) => urlFoto(foto_url)).slice(-FOTO_LALU).reverse();

/** The customer, and beforehand those who come next, with their photos. */
function useSatu(nomor, idpel, berikut) {
  const { username } = useKonteks().saya;
  const [hasil, setHasil] = useState({});
  const [coba, setCoba] = useState(0);
  useEffect(() => {
    if (!idpel) return undefined;
    let hidup = true;
    ambilSatu(username, nomor, idpel).then(
      (data) => {
        if (!hidup) return;
        setHasil({ idpel, data });
        for (const satu of berikut) ambilSatu(username, nomor, satu).then((nanti) => muatDahulu([nanti.bacaan.foto_url, ...fotoLalu(nanti).map(({ foto_url }) => foto_url)]), () => {});
      },
      (galat) => hidup && setHasil({ idpel, galat }),
    );
    return () => (hidup = false);
  }, [username, nomor, idpel, coba]);
  const { data, galat } = hasil.idpel === idpel ? hasil : {};
  return { data, galat, ulangi: () => setCoba((kali) => kali + 1) };
}

/**
 * A customer of a session's list, in a window of its own.
 *
 * `letak`: where it stands in the list, from 0; -1: not in it. `langkah(±1)` goes on, `tutup` back to the list. `pilih`:
 * as the list has it; null: nobody is sent back here. `tanda`: see tanda.js.
 */
export function Periksa({ sesi, idpel, letak, jumlah, berikut, langkah, tutup, pilih, tanda }) {
  const { saya } = useKonteks();
  const { data, galat, ulangi } = useSatu(sesi.nomor, idpel, berikut);
  const [bertanya, setBertanya] = useState(false);
  const [bantuan, setBantuan] = useState(false);
  const judul = useRef();
  const foto = useRef(null);
  useEffect(() => {
    setBertanya(false);
    judul.current?.closest("dialog").scrollTo(0, 0);
    judul.current?.closest("h2").focus({ preventScroll: true });
  }, [idpel]);
  const bisa = data && pilih && data.hasil === "LOLOS" ? pilih : null; // who is held is not approved anyway
  const kembali = Boolean(bisa?.ada(idpel));
  const dilihat = data && tanda.ada({ idpel });
  const lihat = () => {
    if (!data) return; // what is not on the screen was not looked at
    tanda.tandai(idpel);
    langkah(1);
  };
  const kembalikan = (alasan) => {
    bisa.dengan({ idpel, kwh: data.kwh, nama: data.bacaan.nama }, alasan);
    setBertanya(false);
    lihat();
  };
  const tercatat = (isi) => {
    perbarui(saya.username, sesi.nomor, idpel, isi);
    tanda.tercatat(idpel);
    ulangi();
  };
  const tanya = () => bisa && setBertanya(!bertanya);
  const mundur = () => (bertanya ? setBertanya(false) : tutup()); // a reason that is being written first
  const pakai = (ke) => bertanya && ALASAN_BIASA[ke] && kembalikan(ALASAN_BIASA[ke]);
  usePintasan({
    j: () => langkah(1),
    arrowright: () => langkah(1),
    k: () => langkah(-1),
    arrowleft: () => langkah(-1),
    " ": lihat,
    r: tanya,
    "+": () => foto.current?.("besar"),
    "=": () => foto.current?.("besar"),
    "-": () => foto.current?.("kecil"),
    o: () => foto.current?.("putar"),
    "?": () => setBantuan(!bantuan),
    ...Object.fromEntries(ALASAN_BIASA.map((_, ke) => [String(ke + 1), () => pakai(ke)])),
  }, true, true);
  return html`<${Dialog} kelas="periksa" judul=${html`<span ref=${judul} class="nomor">${idpel}</span> ${data?.bacaan.nama ?? ""}`} tutup=${mundur}>
    <div class="deret periksa-atas">
      ${letak >= 0 && html`<span class="redup">${angka(letak + 1)} dari ${angka(jumlah)}</span>`}
      ${kembali && html`<${Cap} nada="awas">Dikembalikan<//>`}
      ${dilihat && html`<${Cap} nada="baik" ikon="setuju">Sudah dilihat<//>`}
      ${tanda.tertunda > 0 && html`<span class="redup kecil" role="status">${angka(tanda.tertunda)} tanda sedang disimpan</span>`}
      <span class="periksa-kanan deret"><button type="button" class="tombol tombol-kecil tombol-halus" aria-expanded=${bantuan} onClick=${() => setBantuan(!bantuan)}>? Tombol</button>
      <button type="button" class="tombol tombol-kecil" onClick=${tutup}><${Ikon} nama="kembali" />Ke daftar</button></span>
    </div>
    ${bantuan && html`<${Bantuan} />`}
    <${Galat} galat=${tanda.galat} judul="Tanda “sudah dilihat” belum tersimpan" sendiri />
    <${Galat} galat=${galat} ulangi=${ulangi} sendiri=${false} />
    ${!data && !galat && html`<${Rangka} baris=${8} apa="Memuat pelanggan" />`}
    ${data && html`<${Isi} key=${idpel} data=${data} sesi=${sesi} perintah=${foto} tercatat=${tercatat} />`}
    ${bertanya && html`<${Alasan} key=${idpel} semula=${bisa.alasan(idpel)} kirim=${kembalikan} jangan=${kembali && (() => (bisa.ubah({ idpel }), setBertanya(false)))} batal=${() => setBertanya(false)} />`}
    <div class="dialog-kaki periksa-kaki">
      <button type="button" class="tombol" disabled=${letak === 0} onClick=${() => langkah(-1)}><${Ikon} nama="kembali" />Sebelumnya</button>
      ${bisa && html`<button type="button" class=${`tombol${kembali ? " tombol-tekan" : ""}`} aria-pressed=${kembali} aria-expanded=${bertanya} onClick=${tanya}>${kembali ? "Dikembalikan" : "Kembalikan …"}</button>`}
      ${tanda.boleh && html`<button type="button" class="tombol tombol-utama" disabled=${!data} onClick=${lihat}><${Ikon} nama="setuju" />Sudah dilihat</button>`}
      <button type="button" class="tombol" disabled=${letak >= 0 && letak === jumlah - 1} onClick=${() => langkah(1)}>Berikutnya<${Ikon} nama="lanjut" /></button>
    </div>
  <//>`;
}

function Bantuan() {
  const [hidup, setHidup] = useState(pintasanHidup);
  return html`<div class="kartu bantuan"><h3>Tombol papan ketik</h3>
    <dl class="pasangan">${TOMBOL.map(([tombol, arti]) => html`<div><dt>${tombol}</dt><dd>${arti}</dd></div>`)}</dl>
    <label><input type="checkbox" checked=${hidup} onChange=${({ currentTarget: { checked } }) => (aturPintasan(checked), setHidup(checked))} /> Tombol satu huruf dipakai di peramban ini</label>
  </div>`;
}

/** Why somebody is sent back: one of the usual reasons by its number, or in words. `jangan`: take them off the list. */
function Alasan({ semula, kirim, jangan, batal }) {
  const [teks, setTeks] = useState(semula);
  const acuan = useRef();
  useEffect(() => {
    acuan.current.querySelector("h3").focus({ preventScroll: true }); // not the field: a number is a reason
    acuan.current.scrollIntoView({ block: "nearest" });
  }, []);
  return html`<form class="kartu alasan" ref=${acuan} aria-label="Alasan mengembalikan" onSubmit=${(peristiwa) => (peristiwa.preventDefault(), teks.trim() && kirim(teks.trim()))}>
    <h3 tabindex="-1">Alasan mengembalikan</h3>
    <div class="kode-deret">${ALASAN_BIASA.map((alasan, ke) => html`<button type="button" class="kode" onClick=${() => kirim(alasan)}><b aria-hidden="true">${ke + 1}</b> ${alasan}</button>`)}</div>
    <div class="deret"><label class="isian"><span>Alasan lain</span><input type="text" maxlength=${ALASAN_MAKS} value=${teks} onInput=${({ currentTarget }) => setTeks(currentTarget.value)} /></label>
      <button type="submit" class="tombol" disabled=${!teks.trim()}>Kembalikan</button>
      ${jangan && html`<button type="button" class="tombol" onClick=${jangan}>Jangan kembalikan</button>`}
      <button type="button" class="tombol tombol-halus" onClick=${batal}>Tutup</button></div>
  </form>`;
}

function Isi({ data, sesi, perintah, tercatat }) {
  const { unit, thblrek, zona } = useKonteks();
  const { bacaan } = data;
  const lalu = fotoLalu(data);
  const [dipilih, setDipilih] = useState(null); // an earlier month's photo in the large place
  const besar = dipilih ?? { thblrek: sesi.thblrek, foto_url: bacaan.foto_url };
  const kini = { thblrek: sesi.thblrek, kwh: data.kwh, jam_nyala: data.jam_nyala, cara_baca: data.pilihan.cara_baca };
  return html`<div class="periksa-isi">
    <section class="periksa-foto" aria-label="Foto">
      <p class="pasangan-baris"><span>Foto <b>${namaBulan(besar.thblrek)}</b></span>${dipilih
      ? html`<span class="stan">stan akhirnya <b>${angka(dipilih.sahlwbp)}</b>${dipilih.sahwbp !== null && html` <span class="redup">WBP <b>${angka(dipilih.sahwbp)}</b></span>`}</span>`
      : html`<span class="stan">${angka(bacaan.slalwbp)} → <b>${angka(bacaan.sahlwbp)}</b>${bacaan.sahwbp !== null && html` <span class="redup">WBP ${angka(bacaan.slawbp)} → <b>${angka(bacaan.sahwbp)}</b></span>`}</span>`}</p>
      <${FotoBesar} url=${besar.foto_url} nama=${`Foto meter ${bacaan.idpel} ${namaBulan(besar.thblrek)}`} perintah=${perintah} />
      ${lalu.length > 0 &&
      html`<ul class="foto-lalu" aria-label="Foto bulan-bulan sebelumnya">
        ${[null, ...lalu].map(
          (satu) => html`<li><button type="button" aria-pressed=${dipilih === satu} onClick=${() => setDipilih(satu)}>
            <${Gambar} url=${satu ? satu.foto_url : bacaan.foto_url} nama="" kelas="foto-kecil" />
            <span>${namaBulan(satu ? satu.thblrek : sesi.thblrek)}</span><span class="redup kecil">stan ${angka(satu ? satu.sahlwbp : bacaan.sahlwbp)}</span></button></li>`,
        )}
      </ul>`}
    </section>
    <section class="periksa-fakta" aria-label="Angka dan riwayat">
      ${data.mengapa.length > 0 && html`<ul class="periksa-sebab">${data.mengapa.map(({ kode, kata: nama, rinci, tindakan }) => html`<li><${Cap} nada=${data.alasan?.includes(kode) ? "awas" : "netral"}>${nama}<//> ${rinci}.${tindakan && html` <span class="redup">${tindakan}.</span>`}</li>`)}</ul>`}
      <p class="bacaan-utama"><span><b>${angka(data.kwh, 6)}</b> kWh</span><span>jam nyala <b>${angka(data.jam_nyala, 6)}</b></span></p>
      <${Pemeriksaan} nomor=${sesi.nomor} idpel=${bacaan.idpel} semua=${data.pemeriksaan} pilihan=${data.pilihan_pemeriksaan} zona=${zona} tercatat=${tercatat} />
      ${data.tetangga && html`<${Tetangga} ...${data.tetangga} kini=${data} />`}
      ${data.galat_acmt && html`<${Pesan} nada="awas" judul="Bulan-bulan sebelumnya tidak terbaca"><p>${data.galat_acmt}</p><//>`}
      ${data.bulan.length > 0 && html`<${GrafikBulan} semua=${data.bulan} kini=${kini} />`}
      <${Nilai} data=${data} zona=${zona} />
      ${data.bulan.length > 0 && html`<details class="rincian"><summary>Bulan demi bulan</summary><${TabelBulan} semua=${data.bulan} zona=${zona} /></details>`}
      <p class="kecil"><a class="tautan" href=${tautan(unit.unitup, thblrek, "pelanggan", bacaan.idpel)}>Semua tentang pelanggan ini</a></p>
    </section>
  </div>`;
}

/** Where this customer stands among the others of its route. */
function Tetangga({ rute, pelanggan, kwh, jam_nyala: jam, kwh_di_bawah: kwhBawah, jam_di_bawah: jamBawah, kini }) {
  const baris = (nama, kuartil, bawah, nilai, satuan) => kuartil && html`<p><b>${nama}</b> ${angka(nilai, 1)} ${satuan}; tengah ${angka(kuartil[1], 1)}, separuhnya ${angka(kuartil[0], 1)}–${angka(kuartil[2], 1)}; ${angka(bawah)} lebih rendah.</p>`;
  return html`<div class="tetangga"><h3>${sekian(pelanggan, "tetangga")} di rute ${rute}</h3>${baris("Jam nyala", jam, jamBawah, kini.jam_nyala, "jam")}${baris("Pemakaian", kwh, kwhBawah, kini.kwh, "kWh")}</div>`;
}

const ANGKA_LAIN = [
  ["lwbpcabut", "Cabut LWBP"], ["lwbppasang", "Pasang LWBP"], ["wbpcabut", "Cabut WBP"], ["wbppasang", "Pasang WBP"], ["fkmkwh_lama", "Faktor kali meter lama"],
  ["pemkwh", "kWh menurut ACMT"], ["pemkwh_lalu", "kWh bulan lalu"], ["pemkwh_rata3", "Rata-rata 3 bulan"], ["fkmkwh", "Faktor kali"], ["fkmkvarh", "Faktor kali kVArh"], ["digit_meter", "Digit meter"],
];
const NAMA_PILIHAN = {
  tgl_baca_lalu: "Dibaca bulan lalu", cara_baca: "Cara baca", cara_baca_lalu: "Cara baca lalu", daya_lama: "Daya lama", tgl_mutasi: "Daya berubah", mutasi_lwbp: "Stan LWBP saat itu", mutasi_wbp: "Stan WBP saat itu",
  jam_abonemen: "Jam menurut kontrak", kvarhcabut: "Cabut kVArh", kvarhpasang: "Pasang kVArh", fkmkvarh_lama: "Faktor kVArh lama", rendah_wajar: "Rendah wajar",
};

/** Every value that is stored, none of them rounded; and who read and verified, how fast. */
function Nilai({ data, zona }) {
  const { bacaan, pilihan, cacat } = data;
  const dari = (awal, akhir) => (bacaan[awal] !== null || bacaan[akhir] !== null) && `${angka(bacaan[awal], 6)} → ${angka(bacaan[akhir], 6)}`;
  const tulis = (nilai) => (typeof nilai === "boolean" ? (nilai ? "ya" : "tidak") : /^\d{4}-\d\d-\d\dT/.test(nilai) ? lengkap(nilai, zona) : /^-?\d/.test(nilai) ? angka(nilai, 6) : nilai);
  const cap = (oleh, pada) => {
    const lama = rentang(bacaan.tgl_baca && pada ? String((Date.parse(pada) - Date.parse(bacaan.tgl_baca)) / 3_600_000) : null);
    return oleh && `${oleh}, ${lengkap(pada, zona)}${lama ? ` (${lama} sesudah dibaca)` : ""}`;
  };
  return html`<${Pasangan} kelas="pasangan-lebar" isi=${[
      ["LWBP", dari("slalwbp", "sahlwbp")],
      ["WBP", dari("slawbp", "sahwbp")],
      ["kVArh", dari("slakvarh", "sahkvarh")],
      ...ANGKA_LAIN.map(([kolom, nama]) => [nama, bacaan[kolom] !== null && angka(bacaan[kolom], 6)]),
      ...Object.entries(pilihan).map(([kolom, nilai]) => [NAMA_PILIHAN[kolom] ?? kolom, tulis(nilai)]),
      ...Object.entries(cacat).map(([kolom, nilai]) => [`${kolom} (tidak terbaca)`, String(nilai)]),
    ]} />
    <${Pasangan} kelas="pasangan-lebar pasangan-cap" isi=${[
      ["Tarif, daya", [bacaan.tarif, bacaan.daya && `${angka(bacaan.daya, 0)} VA`].filter(Boolean).join(" · ")],
      ["KDDK", bacaan.kddk],
      ["Kode, kelainan", [bacaan.kode_baca, bacaan.kelainan].filter(Boolean).join(" · ")],
      ["Dibaca", bacaan.petugas_baca && `${bacaan.petugas_baca}, ${lengkap(bacaan.tgl_baca, zona)}`],
      ["Pengawas", cap(bacaan.verif_pengawas_oleh, bacaan.verif_pengawas_pada)],
      ["Admin Vendor", cap(bacaan.verif_vendor_oleh, bacaan.verif_vendor_pada)],
      ["Diubah", bacaan.diubah_pada && lengkap(bacaan.diubah_pada, zona)],
    ]} />`;
}
