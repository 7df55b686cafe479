// One kelompok: the session that is open, or how to start one, or what the last one came to.

import { html, useEffect, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { ambil } from "../api.js";
import { bacaDraf, tulisDraf } from "../draf.js";
import { mulai, sebabGagal, tugas } from "../gerbang.js";
import { useJajak } from "../jajak.js";
import { STATUS_SESI, terbuka } from "../kata.js";
import { Cap, Galat, Ikon, Judul, Pesan } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { ke, tautan } from "../rute.js";
import { hari } from "../waktu.js";
import { Langkah } from "./langkah.js";
import { PanelSesi } from "./sesi.js";
import { Tahap, macet, sudah } from "./tahap.js";

/** The panel of a kelompok; `nomor`: of the session in the address. */
export function PanelKelompok({ baris, semua, nomor, segarkan }) {
  const { unit, thblrek, bertindak } = useKonteks();
  const hidup = terbuka(baris.sesi) ? baris.sesi.nomor : null;
  const kode = baris.hari_baca;
  const ini = nomor ?? hidup;
  useEffect(() => {
    if (!nomor && hidup) ke(tautan(unit.unitup, thblrek, kode, hidup), { ganti: true });
  }, [nomor, hidup]);
  const berikut = semua.find((b) => b.hari_baca !== kode && b.sesi?.giliran_saya);
  return html`
    <div class="kepala-panel">
      <a class="tombol tombol-halus kembali" href=${tautan(unit.unitup, thblrek)}><${Ikon} nama="kembali" />Semua kelompok</a>
      <${Judul} tingkat=${2} fokus=${kode}><span class="ubin ubin-besar" aria-hidden="true">${kode}</span><span>Kelompok ${kode}<span class="judul-kecil">${hari(baris.tgl_mulai)} · putaran ${Math.max(1, baris.putaran ?? 1)}</span></span><//>
    </div>
    ${ini
      ? html`<${PanelSesi} key=${ini} nomor=${ini} baris=${baris} berikut=${berikut} segarkan=${segarkan} />`
      : html`<${Mulai} baris=${baris} bertindak=${bertindak && Boolean(baris.dag_id)} segarkan=${segarkan} />`}
  `;
}

/** No session is open: say how the kelompok stands, and start one. */
function Mulai({ baris, bertindak, segarkan }) {
  const { saya, unit, thblrek } = useKonteks();
  const kunci = `mulai:${unit.unitup}/${thblrek}/${baris.hari_baca}`;
  const [run, setRun] = useState(() => bacaDraf(saya.username, kunci));
  const [tungguSiap, setTungguSiap] = useState(true);
  const [sibuk, setSibuk] = useState(false);
  const [galat, setGalat] = useState(null);
  const henti = macet(baris);

  function catat(nilai) {
    tulisDraf(saya.username, kunci, nilai);
    setRun(nilai);
  }

  async function tekan() {
    setSibuk(true);
    setGalat(null);
    try {
      const conf = { unitup: unit.unitup, thblrek, tunggu_kesiapan: tungguSiap };
      catat({ dagId: baris.dag_id, runId: await mulai(baris.dag_id, conf) });
      umumkan(`Pengesahan kelompok ${baris.hari_baca} dimulai.`);
      segarkan();
    } catch (e) {
      setGalat(e);
    }
    setSibuk(false);
  }

  if (run) {
    return html`<${Membuka} run=${run} baris=${baris} segarkan=${segarkan} lupakan=${() => catat(null)} />`;
  }
  return html`<div class="kartu">
      <div class="tahap-besar"><${Tahap} baris=${baris} kalimat=${false} /></div>
      <${RingkasTahap} baris=${baris} />
    </div>
    ${baris.sesi && html`<${SesiTerakhir} baris=${baris} />`}
    <${Galat} galat=${galat} judul="Sesi tidak dapat dimulai" />
    ${henti === null
      ? html`<${Pesan} nada="baik" ikon="setuju" judul="Semua pelanggan kelompok ini sudah disahkan"><p>Tidak ada yang perlu dimulai.</p><//>`
      : bertindak
        ? html`<div class="kartu kartu-aksi">
            <h3>${sudah(baris) ? "Mulai putaran berikutnya" : "Mulai pengesahan"}</h3>
            <p>
              ${henti.kunci === "belum"
                ? html`Keadaan bacaannya di ACMT belum dilihat. Sesi memeriksanya; <b>belum ada yang disahkan</b> sebelum Anda menekan Sah/Setuju.`
                : henti.kunci === "sah"
                ? html`${sekian(baris.belum_disahkan)} belum disahkan. Sistem memeriksa kesiapan, memotret bacaan, dan menyusun rekap; <b>belum ada yang disahkan</b> sebelum Anda menekan Sah/Setuju.`
                : html`<b>${henti.kalimat}</b>. Sesi dapat dimulai sekarang dan menunggu sampai lengkap; belum ada yang disahkan sebelum Anda menekan Sah/Setuju.`}
            </p>
            <label class="centang"><input type="checkbox" checked=${tungguSiap} onChange=${(e) => setTungguSiap(e.currentTarget.checked)} /><span>Tunggu sampai semua siap<small>Tanpa centang: bila belum siap, sesi langsung berhenti dan menyebut apa yang kurang.</small></span></label>
            <button type="button" class="tombol tombol-utama tombol-besar" disabled=${sibuk} onClick=${tekan}>${sibuk ? "Memulai …" : `Mulai pengesahan kelompok ${baris.hari_baca}`}</button>
          </div>`
        : html`<${Pesan} ikon="kunci"><p>Belum ada sesi yang berjalan. Akun Anda hanya dapat melihat; SPV TE unit ini yang memulainya.</p><//>`}`;
}

function RingkasTahap({ baris }) {
  const isi = [
    ["Pelanggan", baris.pelanggan],
    ["Terbaca", baris.terisi],
    ["Terverifikasi", baris.terverifikasi],
    ["Terkirim", baris.terkirim],
    ["Belum disahkan", baris.belum_disahkan],
    ["Sudah disahkan", sudah(baris)],
  ];
  return html`<dl class="pasangan">${isi.map(([nama, n]) => html`<div><dt>${nama}</dt><dd>${n === null || n === undefined ? "–" : angka(n)}</dd></div>`)}</dl>`;
}

function SesiTerakhir({ baris }) {
  const { unit, thblrek } = useKonteks();
  const s = baris.sesi;
  const [kata, nada] = STATUS_SESI[s.status] ?? [s.status, "netral"];
  return html`<div class="kartu sesi-terakhir">
    <div><span class="redup kecil">Sesi terakhir</span> <${Cap} nada=${nada}>${kata}<//></div>
    ${s.keterangan && html`<p>${s.keterangan}</p>`}
    <a class="tautan" href=${tautan(unit.unitup, thblrek, baris.hari_baca, s.nomor)}>Lihat sesi ${s.nomor}</a>
  </div>`;
}

/** A run was started here: watch it until its session stands, or say why there will be none. */
function Membuka({ run, baris, segarkan, lupakan }) {
  const { unit, thblrek } = useKonteks();
  const { data: langkah, galat } = useJajak(`tugas:${run.runId}`, (sinyal) => tugas(run.dagId, run.runId, sinyal), 1500);
  const { data: sesi } = useJajak(`run:${run.runId}`, (sinyal) => cariSesi(run, sinyal), 1500);
  const gagal = langkah?.find((t) => t.task_id === "buka_sesi" && t.state === "failed");
  const [sebab, setSebab] = useState(null);
  useEffect(() => {
    if (!sesi?.nomor) return;
    lupakan();
    segarkan();
    ke(tautan(unit.unitup, thblrek, baris.hari_baca, sesi.nomor), { ganti: true });
  }, [sesi?.nomor]);
  useEffect(() => {
    if (!gagal) return;
    sebabGagal(run.dagId, run.runId, gagal).then(
      (kalimat) => setSebab(kalimat ?? "Sebabnya ada pada log tugas Buka sesi di Airflow."),
      (e) => setSebab(e.rincian ?? e.message),
    );
  }, [Boolean(gagal)]);
  if (galat?.status === 404) lupakan();
  if (gagal) {
    return html`<${Pesan} nada="buruk" judul="Sesi tidak dapat dibuka" peran="alert">
      <p>${sebab ?? "Mencari sebabnya …"}</p>
      <button type="button" class="tombol" onClick=${lupakan}>Kembali</button>
    <//>`;
  }
  return html`<div class="kartu" role="status">
    <p class="bergerak"><strong>Membuka sesi …</strong> Biasanya beberapa detik. Halaman ini boleh ditinggalkan.</p>
    ${langkah && html`<${Langkah} jenis="PENGESAHAN" tugas=${langkah} buka />`}
  </div>`;
}

/** The session of a run; null while it does not stand yet. */
async function cariSesi(run, sinyal) {
  try {
    return await ambil("run", { kueri: { dag_id: run.dagId, run_id: run.runId }, sinyal });
  } catch (e) {
    if (e.status === 404) return { nomor: null };
    throw e;
  }
}
