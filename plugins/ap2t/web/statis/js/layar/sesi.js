// One session from its first step to "Sukses": what it waits for, what is asked, what came of it.

import { html, useEffect, useRef, useState } from "../../pustaka/preact.js";
import { angka, sekian } from "../angka.js";
import { halamanAirflow } from "../api.js";
import { tugasRun, ulangi } from "../gerbang.js";
import { useAmbil, useDetak, useJajak, useKerja } from "../jajak.js";
import { sebut, terbuka } from "../kata.js";
import { Cap, CapSebut, Dialog, Galat, Ikon, Pesan, Rangka, TautanLuar, useFokusHilang } from "../komponen.js";
import { umumkan, useKonteks } from "../konteks.js";
import { bacaKueri, tautan } from "../rute.js";
import { jam, lengkap, sejak } from "../waktu.js";
import { Berkas } from "./berita_acara.js";
import { Jawab } from "./jawab.js";
import { Jejak } from "./jejak.js";
import { Langkah, belumTamat, bergerak, gagal, useSebab } from "./langkah.js";
import { Rekap } from "./rekap.js";
import { RekapBatal } from "./rekap_batal.js";
import { sudah } from "./tahap.js";

/**
 * A session. `baris`: its kelompok's row in the list, where the list is there; `berikut`: the next one that waits for
 * this person; `jejakTerbuka`: show the trail at once.
 */
export function PanelSesi({ nomor, baris, berikut, segarkan: segarkanDaftar, jejakTerbuka }) {
  const [jeda, setJeda] = useState(2500);
  const { data, galat, memuat, segarkan } = useAmbil(`sesi/${encodeURIComponent(nomor)}`, { jeda });
  const { dag_id: dagId, run_id: runId } = data?.sesi ?? {};
  const kunciTugas = dagId ? `tugas:${dagId}/${runId}` : null;
  const [belum, setBelum] = useState(true);
  const hidup = belum || !data || terbuka(data.sesi);
  const { data: tugas, segarkan: segarkanTugas } = useJajak(kunciTugas, (sinyal) => tugasRun(dagId, runId, sinyal), hidup ? 2500 : 0);
  useEffect(() => setBelum(belumTamat(tugas)), [tugas]);
  const kini = data ? `${data.sesi.status}:${data.sesi.tahap}:${data.gerbang.filter(({ jawaban }) => jawaban).length}` : null;
  const lama = useRef(null);
  useEffect(() => {
    if (kini === null) return;
    if (lama.current !== null && lama.current !== kini) {
      const kalimat = kabar(data);
      if (kalimat) umumkan(kalimat);
      segarkanDaftar?.();
      segarkanTugas();
    }
    lama.current = kini;
    setJeda(terbuka(data.sesi) ? 2500 : 0);
  }, [kini]);
  if (memuat) return html`<${Rangka} baris=${6} apa="Memuat sesi" />`;
  if (!data) return html`<${Galat} galat=${galat} ulangi=${segarkan} />`;
  return html`<article class="sesi" aria-label=${`Sesi ${nomor}`}>
    <${Kepala} data=${data} />
    <${Galat} galat=${galat} judul="Belum dapat diperbarui" ulangi=${segarkan} />
    <${Isi} data=${data} tugas=${tugas} baris=${baris} berikut=${berikut} segarkan=${segarkan} />
    <${Jejak} nomor=${nomor} hidup=${hidup} buka=${jejakTerbuka} />
  </article>`;
}

function kabar({ sesi, gerbang }) {
  if (!terbuka(sesi)) return sesi.keterangan ?? `Sesi ${sebut("status_sesi", sesi.status).kata}.`;
  if (sesi.status === "TERHENTI") return "Sesi terhenti.";
  const akhir = gerbang.filter(({ jawaban }) => jawaban).pop();
  if (sesi.tahap === "MENUNGGU_PERSETUJUAN") return akhir ? `${akhir.jawaban.oleh} sudah menjawab; menunggu pengesah kedua.` : "Rekap siap; menunggu jawaban.";
  if (sesi.tahap === "DISETUJUI") return `${akhir?.jawaban.oleh ?? "Pengesah"} menjawab Sah/Setuju. Posting dimulai.`;
  return sesi.tahap === "TERPOSTING" ? "Posting selesai; dicocokkan dengan AP2T." : null;
}

function Kepala({ data: { sesi } }) {
  const { zona } = useKonteks();
  return html`<div class="sesi-kepala">
    <${CapSebut} jenis="status_sesi" kode=${sesi.status}>${sesi.jenis === "PEMBATALAN" ? "Pembatalan · " : ""}<//>
    <span class="nomor">${sesi.nomor}</span>
    <span class="redup kecil">dibuka ${lengkap(sesi.dibuka_pada, zona)}${sesi.pemicu ? ` oleh ${sesi.pemicu}` : ""}</span>
    <${TautanLuar} href=${halamanAirflow(sesi.dag_id, sesi.run_id)}>Run di Airflow<//>
  </div>`;
}

function Isi({ data, tugas, baris, berikut, segarkan }) {
  const { sesi } = data;
  if (!terbuka(sesi)) return html`<${Akhir} data=${data} tugas=${tugas} baris=${baris} berikut=${berikut} />`;
  const gerbang = data.gerbang.find(({ jawaban }) => !jawaban); // the one that stands open
  const kepala = html`<${Langkah} jenis=${sesi.jenis} tugas=${tugas} buka=${!gerbang && !disetujui(data)} ringkas=${Boolean(gerbang) && !gagal(tugas).length} kalimat=${gerbang || sesi.status === "TERHENTI" ? null : (sesi.langkah ?? sesi.keterangan)} />`;
  if (sesi.status === "TERHENTI" || gagal(tugas).length) {
    return html`${kepala}<${Terhenti} data=${data} tugas=${tugas} segarkan=${segarkan} />`;
  }
  if (gerbang) return html`${kepala}<${Gerbang} data=${data} gerbang=${gerbang} tugas=${tugas} berikut=${berikut} segarkan=${segarkan} />`;
  return html`${kepala}${disetujui(data) && html`<${Kemajuan} data=${data} /><${JawabanMasuk} data=${data} />`}`;
}

function disetujui({ sesi }) {
  return ["DISETUJUI", "MEMPOSTING", "TERPOSTING", "COCOK"].includes(sesi.tahap);
}

/** The rekap, and the answer where it is this person's turn. */
function Gerbang({ data, gerbang, tugas, berikut, segarkan }) {
  const { bertindak, zona } = useKonteks();
  useDetak(30_000);
  const { sesi } = data;
  const boleh = data.giliran_saya && bertindak;
  const isi = sesi.jenis === "PEMBATALAN" ? RekapBatal : Rekap;
  const menunggu = html`<p class="menunggu"><${Ikon} nama="orang" /><span>
      ${gerbang.urutan === 2 ? "Persetujuan kedua ditanyakan" : "Ditanyakan"} kepada <b>${gerbang.ditanya.join(", ")}</b> sejak ${jam(gerbang.dibuka_pada, zona)} (${sejak(gerbang.dibuka_pada)}).
      ${sesi.tenggat && html` Tenggat ${jam(sesi.tenggat, zona)}.`}
    </span></p>`;
  if (gerbang.tiba) {
    return html`<${Pesan} nada="jalan" ikon="jam" peran="status" judul="Jawaban diterima, menunggu ACMT"><p>
        <b>${gerbang.tiba.oleh}</b> menjawab <b>${gerbang.tiba.pilihan.join(", ")}</b> ${lengkap(gerbang.tiba.dijawab_pada, zona)}. Jawaban itu tercatat dan dinilai begitu ACMT menjawab; tidak perlu dijawab lagi.</p><//>
      <${JawabanMasuk} data=${data} /><${isi} data=${data} />`;
  }
  const tolakan = gerbang.ditolak?.[gerbang.ditolak.length - 1];
  return html`
    ${menunggu}
    ${tolakan && html`<${Pesan} nada="awas" judul="Ditanyakan lagi"><p>Jawaban ${lengkap(tolakan.dijawab_pada, zona)} tidak dapat dipakai: ${tolakan.sebab}</p><//>`}
    <${JawabanMasuk} data=${data} />
    <${Jawab} key=${`${sesi.nomor}/${gerbang.urutan}`} data=${data} gerbang=${gerbang} tugas=${tugas} boleh=${boleh} berikut=${berikut} segarkan=${segarkan} Rekap=${isi} />
  `;
}

/** Answers that were taken up, with who and when. */
function JawabanMasuk({ data }) {
  const { zona } = useKonteks();
  const ada = data.gerbang.filter((gerbang) => gerbang.jawaban);
  if (!ada.length) return null;
  return html`<ul class="jawaban">
    ${ada.map(({ urutan, jawaban }) => {
      const setuju = jawaban.keputusan === "SETUJU";
      return html`<li>
        <${Cap} nada=${setuju ? "baik" : "awas"} ikon=${setuju ? "setuju" : "tolak"}>${setuju ? "Sah/Setuju" : "Tolak"}<//>
        <span><b>${jawaban.oleh}</b>, ${lengkap(jawaban.dijawab_pada, zona)}${data.gerbang.length > 1 ? ` (pengesah ke-${urutan})` : ""}
          ${jawaban.kembalikan?.length > 0 && html` · ${sekian(jawaban.kembalikan.length)} dikembalikan`}
          ${jawaban.catatan && html`<q>${jawaban.catatan}</q>`}</span>
      </li>`;
    })}
  </ul>`;
}

/** How far the sending to AP2T is. */
function Kemajuan({ data }) {
  const { sesi, kiriman } = data;
  const { total = 0, selesai = 0 } = kiriman ?? {};
  const batal = sesi.jenis === "PEMBATALAN";
  const acuan = useFokusHilang();
  return html`<div class="kartu kemajuan">
    <h3 tabindex="-1" ref=${acuan}>${batal ? "Membatalkan di AP2T" : "Memposting ke AP2T"}</h3>
    <progress class="batang" max=${total || 1} value=${total ? selesai : undefined} aria-label="Kemajuan pengiriman ke AP2T" />
    <p class="kemajuan-angka"><b>${angka(selesai)}</b> dari ${angka(total)} pelanggan${sesi.tahap === "TERPOSTING" ? "; dicocokkan dengan AP2T" : ""}</p>
    <p class="redup kecil">Halaman ini boleh ditutup; pengiriman tetap berjalan.</p>
  </div>`;
}

/** The session stands still: why, and how to go on. */
function Terhenti({ data, tugas, segarkan }) {
  const { bertindak } = useKonteks();
  const { sesi } = data;
  const terhenti = gagal(tugas);
  const sebab = useSebab(sesi.dag_id, sesi.run_id, terhenti[0]);
  const [tanya, setTanya] = useState(false);
  const { sibuk, galat, kerjakan } = useKerja();
  async function ulangiLangkah() {
    try {
      await ulangi(sesi.dag_id, sesi.run_id, terhenti.map(({ task_id }) => task_id));
    } finally {
      setTanya(false);
    }
    umumkan("Langkah yang gagal diulang.");
    segarkan();
  }
  if (!terhenti.length && bergerak(tugas)) {
    return html`<${Pesan} nada="jalan" ikon="ulang" peran="status" fokus judul="Sedang diulang"><p class="bergerak">Langkah yang gagal dijalankan lagi. Biasanya beberapa detik.</p><//>`;
  }
  return html`<${Pesan} nada="buruk" judul="Sesi terhenti" peran="alert">
      <p>${sebab ?? sesi.langkah ?? sesi.keterangan ?? "Sebuah langkah gagal; sebabnya ada pada log tugasnya."}</p>
      <p class="redup">Yang sudah terposting tidak diposting lagi. Perbaiki sebabnya, lalu ulangi langkah yang gagal.</p>
      <div class="deret">
        ${bertindak && terhenti.length > 0 && html`<button type="button" class="tombol tombol-utama" onClick=${() => setTanya(true)}><${Ikon} nama="ulang" />Ulangi langkah yang gagal</button>`}
        ${terhenti[0] && html`<${TautanLuar} href=${halamanAirflow(sesi.dag_id, sesi.run_id, terhenti[0].task_id)}>Log tugas di Airflow<//>`}
      </div>
    <//>
    <${Galat} galat=${galat} judul="Tidak dapat diulang" />
    ${tanya &&
    html`<${Dialog} judul="Ulangi langkah yang gagal?" tutup=${() => setTanya(false)}>
      <p>Langkah yang gagal dan langkah sesudahnya dijalankan lagi untuk sesi ${sesi.nomor}. Tidak ada yang dikirim dua kali.</p>
      <div class="dialog-kaki">
        <button type="button" class="tombol" onClick=${() => setTanya(false)}>Jangan</button>
        <button type="button" class="tombol tombol-utama" disabled=${Boolean(sibuk)} onClick=${() => kerjakan(ulangiLangkah)}>${sibuk ? "Menunggu run berhenti …" : "Ulangi"}</button>
      </div>
    <//>`}`;
}

/** The session has ended: "Sukses" and what moved, or why not. */
function Akhir({ data, tugas, baris, berikut }) {
  const { sesi, kiriman, rekap } = data;
  const { unit, thblrek } = useKonteks();
  const acuan = useFokusHilang();
  const [terbentang, setTerbentang] = useState(() => bacaKueri().has("periksa")); // what is not drawn listens to no key
  const batal = sesi.jenis === "PEMBATALAN";
  const sukses = sesi.status === "SELESAI";
  const posting = kiriman?.per?.[batal ? "BATAL" : "POSTING"] ?? 0;
  const { kata, nada } = sebut("status_sesi", sesi.status);
  return html`<div class=${`akhir nada-${nada}`}>
      <span class="akhir-tanda" aria-hidden="true"><${Ikon} nama=${sukses ? "setuju" : nada === "awas" ? "tolak" : "jam"} /></span>
      <div>
        <p class="akhir-judul" tabindex="-1" ref=${acuan}>${sukses && posting ? "Sukses" : kata}</p>
        <p>${(sesi.keterangan ?? "").replace(/^Sukses:\s*/, "")}</p>
        ${sukses && !batal && baris?.sesi?.nomor === sesi.nomor && !terbuka(baris.sesi) && html`<${Pindah} baris=${baris} posting=${posting} />`}
      </div>
    </div>
    <${JawabanMasuk} data=${data} />
    <div class="deret">
      ${sukses && html`<${Berkas} data=${data} />`}
      ${berikut && html`<a class="tombol tombol-utama" href=${tautan(unit.unitup, thblrek, berikut.hari_baca)}>Kelompok ${berikut.hari_baca} menunggu Anda<${Ikon} nama="lanjut" /></a>`}
      ${baris && !terbuka(baris.sesi) && html`<a class="tombol" href=${tautan(unit.unitup, thblrek, baris.hari_baca)}>${baris.belum_disahkan ? "Mulai putaran berikutnya" : `Lihat kelompok ${baris.hari_baca}`}</a>`}
    </div>
    ${rekap && html`<details class="rincian rincian-rekap" open=${terbentang} onToggle=${({ currentTarget }) => setTerbentang(currentTarget.open)}><summary>Rekap sesi ini</summary>${terbentang && (batal ? html`<${RekapBatal} data=${data} />` : html`<${Rekap} data=${data} />`)}</details>`}
    ${tugas && html`<${Langkah} jenis=${sesi.jenis} tugas=${tugas} />`}`;
}

/** SOP 12.1, step 7: the data moves from "belum disahkan" to "sudah disahkan". */
function Pindah({ baris, posting }) {
  return html`<dl class="pindah">
    <div><dt>Belum disahkan</dt><dd><s>${angka(baris.belum_disahkan + posting)}</s> <span aria-hidden="true">→</span> <b>${angka(baris.belum_disahkan)}</b></dd></div>
    <div class="pindah-sudah"><dt>Sudah disahkan</dt><dd><s>${angka(Math.max(0, sudah(baris) - posting))}</s> <span aria-hidden="true">→</span> <b>${angka(sudah(baris))}</b></dd></div>
  </dl>`;
}

