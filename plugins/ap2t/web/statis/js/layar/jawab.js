// The answer: whom to send back, a note, the exact sentence of what will happen, then Sah/Setuju or Tolak.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka, juta, sekian, tulisJuta } from "../angka.js";
import { ambil } from "../api.js";
import { useDraf } from "../draf.js";
import { SETUJU, TOLAK, ditanyakanPada, jawab, jawabanGerbang, sisaDetik } from "../gerbang.js";
import { useDetak } from "../jajak.js";
import { Dialog, Galat, Ikon, Pesan, Suara } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { ALASAN_BIASA } from "../periksa/periksa.js";
import { usePintasan } from "../pintasan.js";
import { ke, tautan } from "../rute.js";
import { bulan, jam, kini } from "../waktu.js";

const CATATAN_MAKS = 1000;
const ALASAN_MAKS = 500;
const SEHALAMAN = 200;
const IDPEL_LAIN = /[,;]\s*\d{12}(?!\d)/; // as if a second customer stood on the line: the answer would be refused
const TIDAK_DITERIMA = {
  403: { judul: "Jawaban tidak diterima", rincian: "Airflow tidak menerima jawaban Anda untuk sesi ini: Anda tidak (lagi) termasuk yang ditanya. Tidak ada yang diposting." },
  409: { judul: "Gerbang ditanyakan ulang", rincian: "Gerbang ini ditanyakan lagi sejak layar ini dimuat. Jawaban Anda belum dipakai; mohon jawab sekali lagi." },
};

/** The gate's rekap with the answer below it; only the rekap where this person is not asked. */
export function Jawab({ data, gerbang, tugas, boleh, berikut, segarkan, Rekap }) {
  const { bertindak } = useKonteks();
  if (boleh) return html`<${Formulir} data=${data} gerbang=${gerbang} tugas=${tugas} berikut=${berikut} segarkan=${segarkan} Rekap=${Rekap} />`;
  return html`<${Pesan} ikon="kunci"><p>${bertindak ? "Anda tidak termasuk yang ditanya untuk sesi ini (pemisahan tugas, atau giliran orang lain). Anda dapat membacanya." : "Akun Anda hanya dapat membaca. Jawabannya diberikan SPV TE yang ditanya."}</p><//>
    <${Rekap} data=${data} />`;
}

/** When this page first saw the gate stand as it stands now. */
function useTerlihat(tugas) {
  const dilihat = useRef({});
  const kunci = [tugas?.state, tugas?.try_number, tugas?.queued_when].join();
  if (dilihat.current.kunci !== kunci) dilihat.current = { kunci, pada: kini() };
  return dilihat.current.pada;
}

/** Rows by idpel, as they are seen: those of a draft, and others that are asked for, so that sums are exact. */
function useKenal(nomor, kembalikan, dahulu) {
  const kenal = useRef(new Map());
  for (const satu of kembalikan) if (satu.kwh !== undefined && !kenal.current.has(satu.idpel)) kenal.current.set(satu.idpel, satu);
  const idpel = [...kembalikan.map((satu) => satu.idpel), ...dahulu];
  const [, setJumlah] = useState(0);
  useEffect(() => {
    const pembatal = new AbortController();
    const sinyal = pembatal.signal;
    const kurang = (semua) => semua.filter((satu) => !kenal.current.has(satu));
    const simpan = (baris) => baris && kenal.current.set(baris.idpel, baris);
    (async () => {
      for (let halaman = 1, akhir = kurang(dahulu).length ? 1 : 0; halaman <= akhir; halaman += 1) {
        const isi = await ambil(`sesi/${encodeURIComponent(nomor)}/baris`, { kueri: { saring: "dikembalikan", urut: "idpel", halaman, ukuran: SEHALAMAN }, sinyal });
        isi.baris.forEach(simpan);
        akhir = Math.ceil(isi.jumlah / SEHALAMAN);
      }
      for (const satu of kurang(idpel)) simpan(await cariBaris(nomor, satu, sinyal));
    })()
      .catch(() => {}) // what is not known has no kWh in the sentence
      .finally(() => !sinyal.aborted && setJumlah(kenal.current.size));
    return () => pembatal.abort();
  }, [idpel.join()]);
  return kenal.current;
}

/** When the gate on this screen was asked, as long as it is the one that stands; asked again where it opened anew. */
function useDitanyakan(sesi, taskId, sejak) {
  const pada = useRef(undefined);
  useEffect(() => {
    const pembatal = new AbortController();
    ditanyakanPada(sesi.dag_id, sesi.run_id, taskId, pembatal.signal).then((kini) => (pada.current = kini), () => {});
    return () => pembatal.abort();
  }, [sesi.nomor, taskId, sejak]);
  return pada;
}

/** Who is sent back, with what the sums and the list need. */
const calon = ({ idpel, kwh, nama }, alasan = "") => ({ idpel, alasan, kwh, nama });
const berisi = (daftar, idpel) => daftar.some((satu) => satu.idpel === idpel);
const tanpa = (daftar, idpel) => daftar.filter((satu) => satu.idpel !== idpel);

async function cariBaris(nomor, idpel, sinyal) {
  const kueri = { saring: "semua", urut: "idpel", ukuran: 1 };
  const isi = await ambil(`sesi/${encodeURIComponent(nomor)}/baris`, { kueri, cari: idpel, sinyal });
  return isi.baris.find((baris) => baris.idpel === idpel) ?? null;
}

function Formulir({ data, gerbang, tugas, berikut, segarkan, Rekap }) {
  const { saya, unit, thblrek } = useKonteks();
  const { sesi } = data;
  const batal = sesi.jenis === "PEMBATALAN";
  const taskId = gerbang.task_id;
  const tugasGerbang = (tugas ?? []).find(({ task_id }) => task_id === taskId);
  const sisa = sisaDetik(gerbang, tugasGerbang, useTerlihat(tugasGerbang), kini());
  useDetak(500, sisa !== 0);
  const [draf, ubah, lupakan] = useDraf(saya.username, `jawab:${sesi.nomor}/${gerbang.urutan}`, { catatan: "", kembalikan: [] });
  const dahulu = data.gerbang.flatMap(({ jawaban }) => (jawaban?.kembalikan ?? []).map(({ idpel }) => idpel)); // at earlier gates
  const kenal = useKenal(sesi.nomor, draf.kembalikan, dahulu);
  const [tanya, setTanya] = useState(null);
  const [mengumpulkan, setMengumpulkan] = useState(0); // lists that are still being added: no answer goes meanwhile
  async function kumpulkan(kerja) {
    setMengumpulkan((berapa) => berapa + 1);
    try {
      await kerja();
    } finally {
      setMengumpulkan((berapa) => berapa - 1);
    }
  }
  const [terkirim, setTerkirim] = useState(null);
  const [galat, setGalat] = useState(null);
  const [didahului, setDidahului] = useState(null);
  const ditanyakan = useDitanyakan(sesi, taskId, tugasGerbang?.start_date);
  const tombolSetuju = useRef();
  usePintasan({ s: () => tombolSetuju.current?.focus() }, !tanya);
  const hilang = terkirim && tugasGerbang?.state === "awaiting_input" && tugasGerbang.start_date !== terkirim.start_date;

  const pilih = batal
    ? null
    : {
        ada: (idpel) => berisi(draf.kembalikan, idpel),
        alasan: (idpel) => draf.kembalikan.find((satu) => satu.idpel === idpel)?.alasan ?? "",
        ubah: (baris) => ubah(({ kembalikan }) => ({ kembalikan: berisi(kembalikan, baris.idpel) ? tanpa(kembalikan, baris.idpel) : [...kembalikan, calon(baris)] })),
        dengan: (baris, alasan) => ubah(({ kembalikan }) => ({ kembalikan: [...tanpa(kembalikan, baris.idpel), calon(baris, alasan)] })),
        kumpulkan,
        semua: (baris) => ubah(({ kembalikan }) => ({ kembalikan: [...kembalikan, ...baris.filter(({ idpel }) => !berisi(kembalikan, idpel)).map((satu) => calon(satu))] })),
      };
  const selipan = draf.kembalikan.find(({ alasan }) => IDPEL_LAIN.test(alasan));
  const tanpaAlasan = draf.catatan.trim() ? 0 : draf.kembalikan.filter(({ alasan }) => !alasan.trim()).length;
  const kurang = mengumpulkan
    ? "Daftar yang dikembalikan masih disusun; tunggu sebentar."
    : selipan
      ? `Alasan ${selipan.idpel} memuat idpel lain: tulis satu pelanggan per baris.`
      : tanpaAlasan > 0 && `Tulis dahulu alasan ${sekian(tanpaAlasan)} yang dikembalikan, atau sebuah catatan untuk semuanya.`;
  const belum = data.dilihat?.kurang > 0 && `Lihat dahulu ${angka(data.dilihat.kurang)} pelanggan ${data.dilihat.wajib === "sampel" ? "sampel" : "yang ditandai"}: pola unit ini memintanya sebelum ${SETUJU}.${data.dilihat.boleh ? "" : " Halaman ini belum dapat menandai yang dilihat; minta pengelola mengisi koneksi cmt_db_halaman."}`;
  const kurangSetuju = kurang || belum;
  const akibat = hitungAkibat(data, gerbang, draf.kembalikan, dahulu, kenal, saya.username);

  /** Send the answer. `lalu`: go to the next kelompok that waits, once Airflow has taken it. */
  async function kirim(pilihan, lalu) {
    setTanya(null);
    if (pilihan === SETUJU ? kurangSetuju : kurang) return;
    setGalat(null);
    try {
      await jawab(sesi.dag_id, sesi.run_id, taskId, pilihan, isian(draf), ditanyakan.current);
      setTerkirim({ pilihan, start_date: tugasGerbang?.start_date });
      lupakan();
      umumkan(`Jawaban ${pilihan} terkirim.`);
      if (lalu) ke(tautan(unit.unitup, thblrek, berikut.hari_baca));
    } catch (salah) {
      const dulu = salah.status === 409 && (await jawabanGerbang(sesi.dag_id, sesi.run_id, taskId).catch(() => ({})));
      if (dulu) setDidahului(dulu);
      else setGalat(Object.assign(salah, TIDAK_DITERIMA[salah.status]));
    }
    segarkan();
  }

  if (didahului) return html`<${Didahului} jawaban=${didahului} /><${Rekap} data=${data} />`;
  if (terkirim && !hilang) {
    return html`<${Pesan} nada="jalan" ikon="jam" peran="status" fokus judul=${`Jawaban Anda terkirim: ${terkirim.pilihan}`}><p class="bergerak">Sedang dicatat dan diperiksa sistem. Biasanya beberapa detik.</p><//>`;
  }
  return html`
    ${hilang && html`<${Pesan} nada="awas" judul="Jawaban tadi belum sempat tercatat" peran="alert"><p>Belum ada yang ${batal ? "dibatalkan" : "diposting"}. Mohon jawab sekali lagi.</p><//>`}
    <a class="lompat" href="#jawaban" onClick=${(peristiwa) => (peristiwa.preventDefault(), tombolSetuju.current.focus())}>Lompat ke Sah/Setuju (S)</a>
    <${Rekap} data=${data} pilih=${pilih} />
    <section class="kartu jawab" aria-labelledby="judul-jawab">
      <h3 id="judul-jawab">Jawaban Anda</h3>
      ${!batal && html`<${Kembalikan} nomor=${sesi.nomor} daftar=${draf.kembalikan} kenal=${kenal} ubah=${ubah} catatan=${draf.catatan} kumpulkan=${kumpulkan} />`}
      <div class="isian"><label for="catatan">Catatan <small>boleh kosong</small></label>
        <textarea id="catatan" rows="2" maxlength=${CATATAN_MAKS} aria-describedby="ket-catatan" value=${draf.catatan} onInput=${({ currentTarget }) => ubah({ catatan: currentTarget.value })} />
        <small id="ket-catatan">Tercatat bersama jawaban dan dapat dibaca pengguna Airflow lain: jangan tulis nama, stan, atau kWh pelanggan.</small></div>
    </section>
    <div class="aksi-lekat">
      <${Galat} galat=${galat} />
      <p class="akibat" id="akibat">${akibat.ringkas}${data.dilihat?.ditandai > 0 && html` <span>${angka(data.dilihat.ditandai_saya)} dari ${angka(data.dilihat.ditandai)} yang ditandai dilihat.</span>`}</p>
      ${kurangSetuju && html`<p class="teks-awas" role="status">${kurangSetuju}</p>`}
      <div class="aksi-tombol">
        <button type="button" class="tombol tombol-tolak" aria-disabled=${sisa !== 0 || Boolean(kurang)} onClick=${() => sisa === 0 && !kurang && setTanya(TOLAK)}>Tolak</button>
        <button type="button" class="tombol tombol-utama tombol-besar" ref=${tombolSetuju} aria-keyshortcuts="s" aria-describedby="akibat" aria-disabled=${sisa !== 0 || Boolean(kurangSetuju)} onClick=${() => sisa === 0 && !kurangSetuju && setTanya(SETUJU)}><${Ikon} nama="setuju" />${SETUJU}${sisa > 0 && html`<span class="hitung-mundur"><${Suara}> dapat ditekan dalam<//> ${sisa} dtk</span>`}</button>
      </div>
      ${sisa === null && html`<p class="redup kecil" role="status">Gerbang sedang dibuka …</p>`}
    </div>
    ${tanya && html`<${Tanya} pilihan=${tanya} akibat=${akibat} sesi=${sesi} draf=${draf} kurang=${tanya === SETUJU ? kurangSetuju : kurang} berikut=${berikut} tutup=${() => setTanya(null)} kirim=${(lalu) => kirim(tanya, lalu)} />`}
  `;
}

/** The form's fields as Airflow takes them; empty ones are left out. */
function isian({ catatan, kembalikan }) {
  const baris = kembalikan.map(({ idpel, alasan }) => {
    const kata = alasan.split(/\s+/).filter(Boolean).join(" ");
    return `${idpel} ${/^\d{12}/.test(kata) ? `alasan ${kata}` : kata}`.trim();
  });
  return { ...(catatan.trim() ? { catatan: catatan.trim() } : {}), ...(baris.length ? { kembalikan: baris } : {}) };
}

/** What will happen, in exact numbers. */
function hitungAkibat(data, gerbang, kembalikan, dahulu, kenal, username) {
  const { sesi, rekap } = data;
  const { hasil } = rekap;
  const sidik = sesi.sidik_pendek ?? (sesi.sidik ?? "").slice(0, 8);
  const semua = juta(hasil.kwh_lolos);
  if (sesi.jenis === "PEMBATALAN") {
    const mereka = html`<b>${sekian(hasil.lolos)}</b>${semua !== null && ` (${tulisJuta(semua)} kWh)`}`;
    return {
      ringkas: html`${mereka} dibatalkan di AP2T (posting 1 menjadi 0)<span class="akibat-lebih">, memakai pengguna AP2T <b>${username}</b></span>. <span class="sidik">sidik ${sidik}</span>`,
      rincian: [
        html`${mereka} dibatalkan di AP2T: posting 1 menjadi 0, memakai pengguna AP2T ${username}.`,
        "Mereka kembali belum disahkan dan dapat disahkan lagi pada putaran berikut.",
        ...(hasil.ditahan ? [`${sekian(hasil.ditahan)} tidak dapat dibatalkan; tidak tersentuh.`] : []),
      ],
      sidik,
      tolak: ["Tidak ada yang dibatalkan; semua tetap seperti semula.", "Sesi berakhir DITOLAK."],
    };
  }
  const keluar = [...new Set([...kembalikan.map(({ idpel }) => idpel), ...dahulu])];
  const kurang = keluar.map((idpel) => juta(kenal.get(idpel)?.kwh));
  const jumlah = hasil.lolos - keluar.length;
  const tanpaKwh = semua === null || kurang.includes(null);
  const kwhTeks = tanpaKwh ? "" : ` (${tulisJuta(kurang.reduce((sisa, kwh) => sisa - kwh, semua))} kWh)`;
  const pertama = gerbang.urutan === 1 && sesi.pengesah === 2;
  const kembaliTeks = `${sekian(keluar.length)} dikembalikan: verifikasi dan pengirimannya di ACMT dihapus beserta alasannya, supaya diperiksa ulang.`;
  return {
    ringkas: html`<b>${sekian(jumlah)}</b>${kwhTeks} disahkan<span class="akibat-lebih">: menjadi posting 1 pada fungsi 2 AP2T, memakai pengguna AP2T <b>${pertama ? "pengesah kedua" : username}</b></span>${pertama ? ", sesudah pengesah kedua setuju" : ""}.${keluar.length > 0 && html` <b>${angka(keluar.length)}</b> dikembalikan.`}${hasil.ditahan > 0 && html` ${angka(hasil.ditahan)} ditahan.`} <span class="sidik">sidik ${sidik}</span>`,
    rincian: [
      html`<b>${sekian(jumlah)}</b>${kwhTeks} disahkan: menjadi posting 1 pada fungsi 2 AP2T, memakai pengguna AP2T ${pertama ? "pengesah kedua" : username}.`,
      ...(pertama ? ["Jawaban Anda yang pertama dari dua: belum ada yang diposting sebelum pengesah kedua setuju."] : []),
      ...(keluar.length ? [kembaliTeks] : []),
      ...(hasil.ditahan ? [`${sekian(hasil.ditahan)} ditahan; tetap belum disahkan.`] : []),
    ],
    sidik,
    tolak: ["Tidak ada yang diposting.", `Sesi berakhir DITOLAK; ${sekian(hasil.pelanggan)} tetap belum disahkan.`, ...(keluar.length ? [kembaliTeks] : [])],
  };
}

const SEBAB_MAKS = 8; // reasons that the question names

/** The question before the answer goes: it names the place, what happens, and who is sent back why. */
function Tanya({ pilihan, akibat, sesi, draf, kurang, berikut, tutup, kirim }) {
  const [sibuk, setSibuk] = useState(false);
  const setuju = pilihan === SETUJU;
  const apa = `${sesi.jenis === "PEMBATALAN" ? "pembatalan" : "pengesahan"} kelompok ${sesi.hari_baca}`;
  const sebab = new Map();
  for (const { alasan } of draf.kembalikan) {
    const kata = alasan.trim() || draf.catatan.trim();
    sebab.set(kata, (sebab.get(kata) ?? 0) + 1);
  }
  return html`<${Dialog} judul=${setuju ? `Sah/Setuju ${apa}?` : `Tolak ${apa}?`} tutup=${tutup}>
    <p><b>Kelompok ${sesi.hari_baca}</b>, ${bulan(sesi.thblrek)}, putaran ${sesi.putaran}, ${sesi.nama_unit ?? ""} (${sesi.unitup}).</p>
    <ul class="akibat-daftar">${(setuju ? akibat.rincian : akibat.tolak).map((kalimat) => html`<li>${kalimat}</li>`)}</ul>
    ${sebab.size > 0 && html`<p class="redup">Dikembalikan: ${[...sebab].slice(0, SEBAB_MAKS).map(([alasan, jumlah], ke) => html`${ke > 0 && "; "}${angka(jumlah)} <q>${alasan}</q>`)}${sebab.size > SEBAB_MAKS && ` … dan ${sebab.size - SEBAB_MAKS} alasan lain`}.</p>`}
    ${draf.catatan.trim() && html`<p class="redup">Catatan: <q>${draf.catatan.trim()}</q></p>`}
    ${kurang && html`<p class="teks-awas" role="status">${kurang}</p>`}
    <p class="redup kecil">Tercatat atas nama Anda untuk isi bersidik <span class="sidik">${akibat.sidik}</span>.</p>
    <div class="dialog-kaki">
      <button type="button" class="tombol" onClick=${tutup}>Periksa lagi</button>
      <button type="button" class=${`tombol tombol-besar ${setuju ? "tombol-utama" : "tombol-buruk"}`} disabled=${sibuk || Boolean(kurang)} onClick=${() => (setSibuk(true), kirim(false))}>${sibuk ? "Mengirim …" : pilihan}</button>
      ${berikut && html`<button type="button" class="tombol" disabled=${sibuk || Boolean(kurang)} onClick=${() => (setSibuk(true), kirim(true))}>${pilihan}, lalu buka kelompok ${berikut.hari_baca}</button>`}
    </div>
  <//>`;
}

/** Somebody else was quicker. */
function Didahului({ jawaban }) {
  const { zona } = useKonteks();
  return html`<${Pesan} nada="awas" ikon="orang" judul="Sudah dijawab orang lain" peran="alert" fokus>
    <p>${jawaban.oleh ? html`<b>${jawaban.oleh}</b> menjawab <b>${jawaban.pilihan}</b>${jawaban.pada && ` pukul ${jam(jawaban.pada, zona)}`}.` : "Gerbang ini sudah dijawab."} Jawaban Anda tidak dipakai; yang Anda tulis masih tersimpan.</p>
  <//>`;
}

const TEMPEL_MAKS = 200;

/** Read what was pasted: [idpel, reason] each. One or more idpel begin a line, the rest of it is their reason. */
function bacaTempelan(teks) {
  return teks.split("\n").flatMap((baris) => {
    const [, nomor = "", alasan = baris.trim()] = /^[\s,;]*((?:\d{12}(?!\d)[\s,;]*)+)(.*)$/.exec(baris) ?? [];
    return nomor ? nomor.match(/\d{12}/g).map((idpel) => [idpel, alasan.trim()]) : alasan ? [[alasan, null]] : [];
  });
}

/** Those who leave the approval, each with its reason. */
function Kembalikan({ nomor, daftar, kenal, ubah, catatan, kumpulkan }) {
  const [teks, setTeks] = useState("");
  const [salah, setSalah] = useState([]);
  const [sibuk, setSibuk] = useState(null);
  const [umum, setUmum] = useState("");
  const hapus = (idpel) => ubah((lama) => ({ kembalikan: tanpa(lama.kembalikan, idpel) }));
  const tulis = (idpel, alasan) => ubah((lama) => ({ kembalikan: lama.kembalikan.map((satu) => (satu.idpel === idpel ? { ...satu, alasan } : satu)) }));
  const pakai = () => (ubah((lama) => ({ kembalikan: lama.kembalikan.map((satu) => (satu.alasan.trim() ? satu : { ...satu, alasan: umum.trim() })) })), setUmum(""));

  async function periksa([idpel, alasan]) {
    if (alasan === null) return `“${idpel.slice(0, 20)}” bukan idpel 12 angka.`;
    if (IDPEL_LAIN.test(alasan)) return `Baris ${idpel} memuat idpel lain di belakang alasannya: satu pelanggan per baris.`;
    if (berisi(daftar, idpel)) return `${idpel} sudah ada dalam daftar ini.`;
    const baris = kenal.get(idpel) ?? (await cariBaris(nomor, idpel));
    if (!baris) return `${idpel} tidak ada dalam sesi ini.`;
    if (baris.alasan?.length && Array.isArray(baris.alasan)) return `${idpel} ditahan; ia memang tidak ikut disahkan.`;
    ubah((lama) => ({ kembalikan: berisi(lama.kembalikan, idpel) ? lama.kembalikan : [...lama.kembalikan, calon(baris, alasan.slice(0, ALASAN_MAKS))] }));
    return null;
  }

  async function tambah() {
    const semua = bacaTempelan(teks);
    if (semua.length > TEMPEL_MAKS) return setSalah([`Paling banyak ${TEMPEL_MAKS} idpel sekali tambah; ini ${semua.length}.`]);
    const sisa = [];
    const keluhan = [];
    for (const [ke, satu] of semua.entries()) {
      setSibuk(`${ke + 1} dari ${semua.length}`);
      const apa = await periksa(satu).catch((galat) => galat.rincian ?? galat.message);
      if (apa) keluhan.push(apa), sisa.push(satu.filter(Boolean).join(" "));
    }
    setSalah(keluhan);
    setTeks(sisa.join("\n"));
    return setSibuk(null);
  }

  return html`<fieldset class="kembalikan">
    <legend>Kembalikan kepada vendor <small>${daftar.length ? sekian(daftar.length) : "boleh kosong"}</small></legend>
    <datalist id="alasan-biasa">${ALASAN_BIASA.map((alasan) => html`<option value=${alasan} />`)}</datalist>
    ${daftar.length > 1 &&
    html`<div class="deret">
      <label class="isian"><span>Alasan untuk yang belum beralasan</span><input type="text" list="alasan-biasa" maxlength=${ALASAN_MAKS} value=${umum} onInput=${({ currentTarget }) => setUmum(currentTarget.value)} /></label>
      <button type="button" class="tombol" disabled=${!umum.trim()} onClick=${pakai}>Pakai</button>
      <button type="button" class="tombol tombol-halus" onClick=${() => ubah({ kembalikan: [] })}>Kosongkan daftar</button>
    </div>`}
    ${daftar.length > 0 &&
    html`<ul class="kembalikan-daftar">${daftar.map(
      ({ idpel, alasan }) => html`<li key=${idpel}>
        <span class="kembalikan-siapa"><b class="nomor">${idpel}</b><span class="redup kecil">${kenal.get(idpel)?.nama ?? ""}</span></span>
        <input type="text" list="alasan-biasa" maxlength=${ALASAN_MAKS} value=${alasan} placeholder=${catatan.trim() ? "alasan (kosong: catatan di bawah)" : "alasan, misalnya: foto buram"} aria-label=${`Alasan mengembalikan ${idpel}`} onInput=${({ currentTarget }) => tulis(idpel, currentTarget.value)} />
        <button type="button" class="tombol tombol-kecil tombol-halus" onClick=${() => hapus(idpel)}><${Ikon} nama="tolak" />Jangan<${Suara}> kembalikan ${idpel}<//></button>
      </li>`,
    )}</ul>`}
    <form class="deret tambah" onSubmit=${(peristiwa) => (peristiwa.preventDefault(), kumpulkan(tambah))}>
      <label class="isian"><span class="suara">Idpel yang dikembalikan</span><textarea rows="2" inputmode="numeric" autocomplete="off" spellcheck=${false} placeholder="idpel 12 angka, satu per baris; alasan boleh di belakangnya" disabled=${sibuk !== null} value=${teks} aria-invalid=${salah.length > 0} aria-describedby="salah-idpel" onInput=${({ currentTarget }) => setTeks(currentTarget.value)} /></label>
      <button type="submit" class="tombol" disabled=${sibuk !== null || !teks.trim()}>${sibuk ?? "Tambah"}</button>
    </form>
    <p class="salah" id="salah-idpel" role="alert">${salah.slice(0, 5).join(" ")}${salah.length > 5 ? ` … dan ${salah.length - 5} lagi.` : ""}</p>
    <small>Atau tekan Kembalikan pada barisnya di atas. Pelanggan itu keluar dari persetujuan ini; yang lain jalan terus.</small>
  </fieldset>`;
}
