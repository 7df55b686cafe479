// One kelompok: the session that is open, or how to start one, or what the last one came to.

import { html, useEffect, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { useDraf } from "../draf.js";
import { mulai } from "../gerbang.js";
import { useAmbil, useKerja } from "../jajak.js";
import { terbuka } from "../kata.js";
import { CapSebut, Galat, Ikon, Judul, Pasangan, Pesan } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { bacaKueri, ke, tautan } from "../rute.js";
import { hari, lengkap } from "../waktu.js";
import { Membuka } from "./membuka.js";
import { kunciMulai } from "./mulai_banyak.js";
import { PanelSesi } from "./sesi.js";
import { Tahap, macet, sudah } from "./tahap.js";

/** The panel of a kelompok; `nomor`: of the session in the address. */
export function PanelKelompok({ baris, semua, nomor, segarkan }) {
  const { unit, thblrek, bertindak } = useKonteks();
  const hidup = terbuka(baris.sesi) ? baris.sesi.nomor : null;
  const kode = baris.hari_baca;
  const ini = nomor ?? hidup;
  useEffect(() => {
    if (!nomor && hidup) ke(tautan(unit.unitup, thblrek, kode, hidup), { ganti: true, kueri: bacaKueri().toString() });
  }, [nomor, hidup]);
  const berikut = semua.find(({ hari_baca, sesi }) => hari_baca !== kode && sesi?.giliran_saya);
  return html`
    <div class="kepala-panel">
      <a class="tombol tombol-halus kembali" href=${tautan(unit.unitup, thblrek)}><${Ikon} nama="kembali" />Semua kelompok</a>
      <${Judul} tingkat=${2} fokus=${kode}><span class="ubin ubin-besar" aria-hidden="true">${kode}</span><span>Kelompok ${kode}<span class="judul-kecil">${hari(baris.tgl_mulai)} · putaran ${Math.max(1, baris.putaran ?? 1)}</span></span><//>
    </div>
    ${ini
      ? html`<${PanelSesi} key=${ini} nomor=${ini} baris=${baris} berikut=${berikut} segarkan=${segarkan} />`
      : html`<${Mulai} baris=${baris} bertindak=${bertindak && Boolean(baris.dag_id)} segarkan=${segarkan} />`}
    ${baris.sesi && html`<${SemuaSesi} kode=${kode} ini=${ini} />`}
  `;
}

/** Every session of the kelompok this month, once somebody wants them. */
function SemuaSesi({ kode, ini }) {
  const { unit, thblrek, zona } = useKonteks();
  const [terbentang, setTerbentang] = useState(false);
  const { data, galat, segarkan } = useAmbil(terbentang ? `unit/${unit.unitup}/${thblrek}/sesi` : null, { kueri: { hari_baca: kode, ukuran: 200 } });
  return html`<details class="rincian" onToggle=${({ currentTarget }) => setTerbentang(currentTarget.open)}><summary>Sesi kelompok ini bulan ini</summary>
    <${Galat} galat=${galat} ulangi=${segarkan} />
    ${data && html`<ul class="hitungan">${data.baris.map((satu) => html`<li><a class="tautan" aria-current=${satu.nomor === ini ? "page" : undefined} href=${tautan(unit.unitup, thblrek, kode, satu.nomor)}>${satu.nomor}</a><span><${CapSebut} jenis="status_sesi" kode=${satu.status}>${satu.jenis === "PEMBATALAN" ? "Pembatalan · " : ""}<//> <span class="redup kecil">putaran ${satu.putaran}, ${lengkap(satu.dibuka_pada, zona)}${satu.dijawab_oleh?.length ? `, ${satu.dijawab_oleh.join(", ")}` : ""}</span></span></li>`)}</ul>`}
  </details>`;
}

const GAGAL_DIBUKA = { judul: "Sesi tidak dapat dibuka", kembali: "Kembali", tanpaSebab: "Sebabnya ada pada log tugas Buka sesi di Airflow." };

/** No session is open: say how the kelompok stands, and start one. */
function Mulai({ baris, bertindak, segarkan }) {
  const { saya, unit, thblrek } = useKonteks();
  const [run, catat, lupakan] = useDraf(saya.username, kunciMulai(unit.unitup, thblrek, baris.hari_baca), {});
  const [tungguSiap, setTungguSiap] = useState(true);
  const { sibuk, galat, kerjakan } = useKerja();
  const henti = macet(baris);

  async function mulaiPengesahan() {
    const conf = { unitup: unit.unitup, thblrek, tunggu_kesiapan: tungguSiap };
    catat({ dagId: baris.dag_id, runId: await mulai(baris.dag_id, conf) });
    umumkan(`Pengesahan kelompok ${baris.hari_baca} dimulai.`);
    segarkan();
  }

  function keSesi(nomor) {
    lupakan();
    segarkan();
    ke(tautan(unit.unitup, thblrek, baris.hari_baca, nomor), { ganti: true });
  }

  if (run.runId) {
    return html`<${Membuka} ...${run} jenis="PENGESAHAN" langkah="buka_sesi" terbuka=${keSesi} lupakan=${lupakan} kata=${GAGAL_DIBUKA}>
      <strong>Membuka sesi …</strong> Biasanya beberapa detik. Halaman ini boleh ditinggalkan.
    <//>`;
  }
  const jumlah = [
    ["Pelanggan", baris.pelanggan],
    ["Terbaca", baris.terisi],
    ["Terverifikasi", baris.terverifikasi],
    ["Terkirim", baris.terkirim],
    ["Belum disahkan", baris.belum_disahkan],
    ["Sudah disahkan", sudah(baris)],
  ];
  return html`<div class="kartu">
      <div class="tahap-besar"><${Tahap} baris=${baris} kalimat=${false} /></div>
      <${Pasangan} isi=${jumlah.map(([nama, berapa]) => [nama, angka(berapa)])} />
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
            <label class="centang"><input type="checkbox" checked=${tungguSiap} onChange=${({ currentTarget }) => setTungguSiap(currentTarget.checked)} /><span>Tunggu sampai semua siap<small>Tanpa centang: bila belum siap, sesi langsung berhenti dan menyebut apa yang kurang.</small></span></label>
            <button type="button" class="tombol tombol-utama tombol-besar" disabled=${Boolean(sibuk)} onClick=${() => kerjakan(mulaiPengesahan)}>${sibuk ? "Memulai …" : `Mulai pengesahan kelompok ${baris.hari_baca}`}</button>
          </div>`
        : html`<${Pesan} ikon="kunci"><p>Belum ada sesi yang berjalan. Akun Anda hanya dapat melihat; SPV TE unit ini yang memulainya.</p><//>`}`;
}

function SesiTerakhir({ baris }) {
  const { unit, thblrek } = useKonteks();
  const { nomor, status, keterangan } = baris.sesi;
  return html`<div class="kartu sesi-terakhir">
    <div><span class="redup kecil">Sesi terakhir</span> <${CapSebut} jenis="status_sesi" kode=${status} /></div>
    ${keterangan && html`<p>${keterangan}</p>`}
    <a class="tautan" href=${tautan(unit.unitup, thblrek, baris.hari_baca, nomor)}>Lihat sesi ${nomor}</a>
  </div>`;
}
