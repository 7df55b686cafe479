// The customers of a session: what to look at, who is held, the sample; each with what an SPV TE needs to judge it.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka, perubahan, sekian } from "../angka.js";
import { ambil } from "../api.js";
import { useDraf } from "../draf.js";
import { useAmbil, useKerja, useTenang } from "../jajak.js";
import { kata, sebut, terbuka } from "../kata.js";
import { Cap, DeretKode, Galat, Halaman, Ikon, IsianCari, Kosong, Rangka, Suara, Tabel } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { Periksa } from "../periksa/periksa.js";
import { useTanda } from "../periksa/tanda.js";
import { usePintasan } from "../pintasan.js";
import { tautan, useKueri } from "../rute.js";
import { lengkap, rentang } from "../waktu.js";

/** What the list shows where the address says nothing. */
const AWAL = { daftar: "", kode: [], petugas_baca: "", rute: "", tarif: "", kelainan: "", kode_baca: "", dilihat: "", urut: "perubahan", arah: "naik", halaman: "1", ukuran: "50", periksa: "" };
const UKURAN = ["25", "50", "100", "200"];
const SEHALAMAN = 200;
const TERBANYAK = 200; // values of a filter that the server tells of
const SEKALIGUS = 1000; // customers sent back at once
const [AWAL_HALAMAN, AKHIR_HALAMAN] = ["awal", "akhir"]; // whoever stands first or last on a page that is on its way
const PILAHAN = [["petugas_baca", "Petugas baca"], ["rute", "Rute"], ["tarif", "Tarif"], ["kelainan", "Kelainan"], ["kode_baca", "Kode baca"], ["dilihat", "Dilihat"]];
const URUT = [["perubahan", "Perubahan terbesar"], ["selisih", "Selisih kWh"], ["kwh", "kWh"], ["jam_nyala", "Jam nyala"], ["idpel", "idpel"], ["nama", "Nama"], ["kddk", "Rute (KDDK)"], ["petugas_baca", "Petugas baca"], ["pengawas_jam", "Lama sampai Pengawas"], ["vendor_jam", "Lama sampai Vendor"]];
const BANYAK = new Set(["kwh", "jam_nyala", "selisih"]); // what is large is looked at first

/** Where the person was, for whoever comes back from a customer: by session the last one looked at. */
const terakhir = new Map();

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

/** The lists of a session's customers: a work list, whose state stands in the address. */
export function BarisSesi({ data, pilih }) {
  const { sesi, rekap } = data;
  const [lihat, setLihat] = useKueri(AWAL);
  const { saya } = useKonteks();
  const [{ cari }, ubahCari] = useDraf(saya.username, `cari:${sesi.nomor}`, { cari: "" }); // may be a name, so it stands in no address
  const setCari = (teks) => ubahCari({ cari: teks });
  const tenang = useTenang(cari).trim();
  const bawaan = rekap.dlpd?.length ? "dlpd" : rekap.hasil.ditahan ? "ditahan" : "semua";
  const saring = semuaDaftar(data).some(([kunci]) => kunci === lihat.daftar) ? lihat.daftar : bawaan;
  const { daftar: _, periksa, ...kueri } = lihat;
  const jalan = `sesi/${encodeURIComponent(sesi.nomor)}/baris`;
  const tersaring = saring !== "semua" || lihat.kode.length > 0 || PILAHAN.some(([nama]) => lihat[nama]) || tenang !== "";
  const { data: daftar, galat, memuat, segarkan } = useAmbil(jalan, { kueri: { ...kueri, saring }, cari: tenang });
  const akhir = useRef(null);
  if (daftar) akhir.current = daftar;
  const tampil = daftar ?? (galat ? null : akhir.current); // the list before stays while the next is on its way
  const ubah = (sebagian) => setLihat({ halaman: "1", ...sebagian });
  const tanda = useTanda(sesi.nomor, Boolean(data.dilihat?.boleh));
  const letak = (tampil?.baris ?? []).findIndex(({ idpel }) => idpel === periksa);
  /** Go to the next customer or the one before, over the ends of a page. */
  function langkah(arah) {
    if (!daftar) return; // another page is on its way
    if (letak < 0) return setLihat({ periksa: arah > 0 ? AWAL_HALAMAN : AKHIR_HALAMAN }); // who is shown is not in it
    const halaman = Number(lihat.halaman) + arah;
    const tuju = daftar.baris[letak + arah];
    if (letak >= 0 && tuju) setLihat({ periksa: tuju.idpel });
    else if (lihat.dilihat === "belum" && arah > 0 && daftar.jumlah > daftar.baris.length) setLihat({ periksa: AWAL_HALAMAN }), segarkan(); // who was marked has left the list
    else if (lihat.dilihat !== "belum" && halaman >= 1 && halaman <= Math.ceil(daftar.jumlah / Number(lihat.ukuran))) setLihat({ halaman: String(halaman), periksa: arah > 0 ? AWAL_HALAMAN : AKHIR_HALAMAN });
    else umumkan(arah > 0 ? "Ini yang terakhir dalam daftar." : "Ini yang pertama dalam daftar.");
  }
  useEffect(() => {
    const ujung = daftar && { [AWAL_HALAMAN]: lihat.dilihat === "belum" ? daftar.baris.find((satu) => !tanda.ada(satu)) : daftar.baris[0], [AKHIR_HALAMAN]: daftar.baris[daftar.baris.length - 1] }[periksa];
    if (ujung) setLihat({ periksa: ujung.idpel });
  }, [daftar, periksa]);
  useEffect(() => {
    if (periksa === AWAL_HALAMAN && lihat.dilihat === "belum" && !tanda.tertunda) segarkan(); // now they have left it
  }, [periksa, tanda.tertunda]);
  const bagian = useRef();
  const sebelumnya = useRef("");
  useEffect(() => {
    if (!periksa && sebelumnya.current) keBaris(bagian.current, sebelumnya.current);
    sebelumnya.current = periksa;
  }, [periksa]);
  const mulaiPeriksa = () => daftar?.baris.length && setLihat({ periksa: (daftar.baris.find((satu) => !tanda.ada(satu)) ?? daftar.baris[0]).idpel });
  usePintasan({ p: mulaiPeriksa }, !periksa);
  useEffect(() => {
    if (daftar) umumkan(`${sekian(daftar.jumlah)} dalam daftar.`);
  }, [daftar?.jumlah]);

  return html`<section class="baris-sesi" aria-label="Pelanggan sesi ini" ref=${bagian}>
    <div class="pilihan" role="group" aria-label="Daftar pelanggan">
      ${semuaDaftar(data).map(([kunci, nama, jumlah]) => html`<button type="button" aria-pressed=${saring === kunci} onClick=${() => ubah({ daftar: kunci === bawaan ? "" : kunci, kode: [] })}>${nama} ${jumlah !== null && html`<span class="hitung">${angka(jumlah)}</span>`}</button>`)}
      <button type="button" class="tombol tombol-kecil" disabled=${!daftar?.baris.length} aria-keyshortcuts="p" onClick=${mulaiPeriksa}><${Ikon} nama="foto" />Periksa satu per satu (P)</button>
    </div>
    <${Tapis} lihat=${lihat} ubah=${ubah} cari=${cari} setCari=${(teks) => (setCari(teks), ubah({}))} pilahan=${tampil?.pilahan ?? {}} jumlah=${tampil?.jumlah ?? 0} />
    <${Galat} galat=${galat} ulangi=${galat?.status === 400 || galat?.status === 404 ? () => setLihat(AWAL) : segarkan} />
    ${memuat && !tampil && html`<${Rangka} baris=${5} apa="Memuat pelanggan" />`}
    ${tampil && html`<div class=${memuat ? "memperbarui" : ""} aria-busy=${memuat}>
      ${tampil.baris.length ? html`<${TabelBaris} nomor=${sesi.nomor} baris=${tampil.baris} zona=${sesi.zona_waktu} pilih=${saring === "ditahan" ? null : pilih} selesai=${!terbuka(sesi)} tanda=${tanda} periksa=${(idpel) => setLihat({ periksa: idpel })} />` : html`<${Kosong} judul=${saring === "dlpd" && !lihat.kode.length && !tenang ? "Tidak ada yang perlu diperhatikan" : "Tidak ada pelanggan dalam daftar ini"}><button type="button" class="tombol" onClick=${() => (setCari(""), setLihat({ ...AWAL, daftar: lihat.daftar }))}>Kosongkan saringan</button><//>`}
      ${pilih && daftar?.jumlah > 0 && saring !== "ditahan" && tersaring && html`<${KembalikanSemua} jalan=${jalan} kueri=${{ ...kueri, saring }} cari=${tenang} jumlah=${daftar.jumlah} pilih=${pilih} />`}
      ${tampil.jumlah > 0 && html`<label class="isian isian-pendek per-halaman"><span>Per halaman</span><select aria-label="Per halaman" value=${lihat.ukuran} onChange=${({ currentTarget: { value } }) => ubah({ ukuran: value })}>${UKURAN.map((nilai) => html`<option value=${nilai}>${nilai}</option>`)}</select></label>`}
      <${Halaman} jumlah=${tampil.jumlah} halaman=${Number(lihat.halaman)} ukuran=${Number(lihat.ukuran)} ke=${(halaman) => setLihat({ halaman: String(halaman) })} />
    </div>`}
    ${periksa && html`<${Periksa} sesi=${sesi} idpel=${[AWAL_HALAMAN, AKHIR_HALAMAN].includes(periksa) ? null : periksa} letak=${letak < 0 ? -1 : (Number(lihat.halaman) - 1) * Number(lihat.ukuran) + letak} jumlah=${tampil?.jumlah ?? 0} berikut=${(tampil?.baris ?? []).slice(letak + 1, letak + 3).map(({ idpel }) => idpel)} langkah=${langkah} tutup=${() => setLihat({ periksa: "" })} pilih=${pilih} tanda=${tanda} />`}
  </section>`;
}

/** Put the focus on a customer in the list, where it stands there. */
function keBaris(wadah, idpel) {
  const tautan = [...wadah.querySelectorAll("a.idpel")].find((satu) => satu.textContent === idpel);
  tautan?.focus({ preventScroll: true });
  tautan?.closest("tr")?.scrollIntoView({ block: "center" });
}

/** Send back everybody whom the filters let through. Who is held stays out: nobody can approve them anyway. */
function KembalikanSemua({ jalan, kueri, cari, jumlah, pilih }) {
  const { sibuk, galat, kerjakan } = useKerja();
  async function semua() {
    const hasil = [];
    for (let halaman = 1; halaman <= Math.ceil(jumlah / SEHALAMAN); halaman += 1) {
      const isi = await ambil(jalan, { kueri: { ...kueri, urut: "idpel", arah: "naik", halaman, ukuran: SEHALAMAN }, cari });
      if (isi.jumlah !== jumlah) throw new Error("Daftarnya bukan lagi yang ditampilkan; tidak ada yang ditambahkan. Tekan sekali lagi.");
      hasil.push(...isi.baris.filter(({ saringan }) => saringan === "LOLOS"));
    }
    pilih.semua(hasil);
    umumkan(`${sekian(hasil.length)} dalam daftar yang dikembalikan; tulis alasannya di bawah.`);
  }
  if (jumlah > SEKALIGUS) return html`<p class="redup kecil">Saring sampai paling banyak ${angka(SEKALIGUS)} untuk mengembalikan semuanya sekaligus.</p>`;
  return html`<div class="deret"><button type="button" class="tombol" disabled=${Boolean(sibuk)} onClick=${() => pilih.kumpulkan(() => kerjakan(semua))}>${sibuk ? "Mengumpulkan …" : `Kembalikan semua ${sekian(jumlah)} ini`}</button><${Galat} galat=${galat} /></div>`;
}

/** Search, order and filters, each value with how many rows there would be. */
function Tapis({ lihat, ubah, cari, setCari, pilahan, jumlah }) {
  const perKode = new Map(pilahan.kode ?? []);
  const kode = [...new Set([...lihat.kode, ...perKode.keys()])];
  const memisah = (semua) => semua.length > 1 || (semua.length === 1 && semua[0][1] < jumlah); // some have no value at all
  const pilihan = PILAHAN.filter(([nama]) => lihat[nama] || memisah(pilahan[nama] ?? []));
  return html`<div class="tapis" role="search" aria-label="Cari, urutkan dan saring">
    <div class="tapis-atas">
      <${IsianCari} cari=${cari} ubah=${setCari} />
      <label class="isian"><span>Urutkan</span><select aria-label="Urutkan" value=${lihat.urut} onChange=${({ currentTarget: { value } }) => ubah({ urut: value, arah: BANYAK.has(value) ? "turun" : "naik" })}>${URUT.map(([nilai, nama]) => html`<option value=${nilai}>${nama}</option>`)}</select></label>
      ${lihat.urut !== "perubahan" && html`<button type="button" class="tombol" aria-pressed=${lihat.arah === "turun"} onClick=${() => ubah({ arah: lihat.arah === "turun" ? "naik" : "turun" })}>${lihat.arah === "turun" ? "▼ turun" : "▲ naik"}</button>`}
      ${pilihan.map(([nama, label]) => {
        const semua = pilahan[nama] ?? [];
        const isi = !lihat[nama] || semua.some(([nilai]) => nilai === lihat[nama]) ? semua : [[lihat[nama], jumlah], ...semua];
        return html`<label class="isian"><span>${label}</span><select aria-label=${label} value=${lihat[nama]} onChange=${({ currentTarget: { value } }) => ubah({ [nama]: value })}><option value="">semua</option>${isi.map(([nilai, berapa]) => html`<option value=${nilai}>${nilai} (${angka(berapa)})</option>`)}${semua.length >= TERBANYAK && html`<option disabled>hanya ${TERBANYAK} terbanyak; saring dahulu yang lain</option>`}</select></label>`;
      })}
    </div>
    <${DeretKode} nama="Menurut sebab" isi=${kode.map((satu) => [satu, kata(satu), perKode.get(satu)])} dipilih=${lihat.kode} ubah=${(baru) => ubah({ kode: baru })} />
  </div>`;
}

const KOLOM = [["Pelanggan"], ["Stan dan kWh"], ["Jam nyala", "kanan"], ["Perlu dilihat"], ["Diverifikasi, sesudah dibaca"], [html`<${Suara}>Pemeriksaan dan pengembalian<//>`]];

function TabelBaris({ nomor, baris, zona, pilih, selesai, tanda, periksa }) {
  const wadah = useRef();
  useEffect(() => {
    keBaris(wadah.current, terakhir.get(nomor));
    terakhir.delete(nomor);
  }, []);
  const ingat = ({ target }) => target.matches?.("a.idpel") && terakhir.set(nomor, target.textContent);
  return html`<div ref=${wadah} onClick=${ingat}><${Tabel} nama="Pelanggan" kelas="tabel-baris" kolom=${KOLOM}>
      ${baris.map((satu) => html`<${BarisPelanggan} key=${satu.idpel} baris=${satu} zona=${zona} pilih=${pilih} selesai=${selesai} tanda=${tanda} periksa=${periksa} />`)}
    <//></div>`;
}

function BarisPelanggan({ baris, zona, pilih, selesai, tanda, periksa }) {
  const { unit, thblrek } = useKonteks();
  const boleh = baris.saringan === "LOLOS" ? pilih : null; // who is held is not approved anyway
  const kembali = boleh?.ada(baris.idpel);
  const hasil = selesai && baris.hasil ? sebut("hasil", baris.hasil) : null;
  return html`<tr role="row" class=${kembali ? "dikembalikan" : ""}>
    <th role="rowheader" scope="row"><a class="idpel" href=${tautan(unit.unitup, thblrek, "pelanggan", baris.idpel)}>${baris.idpel}</a>
      <div class="nama">${baris.nama ?? "tanpa nama"}</div><div class="redup kecil">${[baris.tarif, baris.daya && `${angka(baris.daya, 0)} VA`].filter(Boolean).join(" · ")}</div></th>
    <td role="cell" class="sel-kwh" data-nama="Stan dan kWh"><${Stan} baris=${baris} />
      <div><b>${angka(baris.kwh)}</b> kWh<${Perubahan} kini=${baris.kwh} lalu=${baris.kwh_lalu} /></div>
      <div class="redup kecil">lalu ${angka(baris.kwh_lalu)} · rata-rata ${angka(baris.kwh_rata3)}</div></td>
    <td role="cell" class="kanan" data-nama="Jam nyala">${angka(baris.jam_nyala, 1)}</td>
    <td role="cell" class="sel-sebab" data-nama="Perlu dilihat"><div class="tanda-deret">
      ${hasil && html`<${Cap} nada=${hasil.nada}>${hasil.kata}<//>`}
      ${baris.mengapa.map(({ kode, rinci, tindakan }) => html`<span class="sebab"><${Cap} nada=${baris.alasan.includes(kode) ? "awas" : "netral"}>${kata(kode)}<//> <span class="kecil">${rinci}${baris.alasan.includes(kode) && tindakan ? html`. <span class="redup">${tindakan}</span>` : ""}</span></span>`)}
      ${baris.kelainan && html`<span class="kecil redup">kelainan ${baris.kelainan}</span>`}
      ${!baris.mengapa.length && !hasil && html`<span class="redup">–</span>`}</div></td>
    <td role="cell" data-nama="Diverifikasi, sesudah dibaca"><${Verif} peran="Pengawas" oleh=${baris.pengawas} sesudah=${baris.pengawas_jam} pada=${baris.pengawas_pada} zona=${zona} /><${Verif} peran="Vendor" oleh=${baris.vendor} sesudah=${baris.vendor_jam} pada=${baris.vendor_pada} zona=${zona} />
      ${baris.diubah_pada && html`<div class="kecil teks-awas">diubah ${lengkap(baris.diubah_pada, zona)}</div>`}</td>
    <td role="cell" class="sel-aksi"><div>
      <button type="button" class="tombol tombol-kecil" onClick=${() => periksa(baris.idpel)}><${Ikon} nama=${tanda.ada(baris) ? "setuju" : "foto"} />${tanda.ada(baris) ? "Dilihat" : "Periksa"}<${Suara}> ${baris.idpel}<//></button>
      ${!baris.foto_url && html`<span class="redup kecil">tanpa foto</span>`}
      ${boleh && html`<button type="button" class=${`tombol tombol-kecil${kembali ? " tombol-tekan" : ""}`} aria-pressed=${Boolean(kembali)} onClick=${() => boleh.ubah(baris)}>${kembali ? "Dikembalikan" : "Kembalikan"}<${Suara}> ${baris.idpel}<//></button>`}
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
