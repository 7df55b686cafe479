// Small parts that every screen is made of.

import { html, useEffect, useId, useRef } from "../pustaka/preact.js";
import { angka } from "./angka.js";
import { buka } from "./api.js";
import { sebut } from "./kata.js";
import { useKonteks } from "./konteks.js";
import { bulan } from "./waktu.js";

const GARIS = {
  setuju: "M5 12.5l4.5 4.5L19 7.5",
  tolak: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  daftar: "M4 6.5h16M4 12h16M4 17.5h10",
  orang: "M12 12a3.6 3.6 0 100-7.2 3.6 3.6 0 000 7.2zM5 19.5c.8-3.2 3.6-5 7-5s6.2 1.8 7 5",
  batal: "M8 6L4 10l4 4M4.5 10H14a5.5 5.5 0 010 11h-3",
  jam: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5.3l3.5 2",
  kembali: "M15 5l-7 7 7 7",
  lanjut: "M9 5l7 7-7 7",
  awas: "M12 4L2.8 20h18.4L12 4zM12 10v4.6M12 17.2v.3",
  kunci: "M6.5 11h11v9h-11zM8.7 11V8a3.3 3.3 0 016.6 0v3",
  unduh: "M12 4v11M7.5 11L12 15.5 16.5 11M5 20h14",
  foto: "M4 8h3.2l1.6-2.5h6.4L16.8 8H20v11H4zM12 16.5a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4z",
  keluar: "M14 5h5v5M19 5l-8 8M11 6H6v12h12v-5",
  ulang: "M5 12a7 7 0 0112-4.9L19 9M19 5v4h-4M19 12a7 7 0 01-12 4.9L5 15M5 19v-4h4",
  cari: "M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM15.4 15.4L20 20",
};

/** An icon that says nothing by itself: the words beside it do. */
export function Ikon({ nama }) {
  return html`<svg class="ikon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${GARIS[nama]} /></svg>`;
}

/** Text for those who listen. */
export function Suara({ children }) {
  return html`<span class="suara">${children}</span>`;
}

/** A short word on a state. `nada`: netral, jalan, tunggu, baik, awas, buruk. */
export function Cap({ nada = "netral", ikon, children }) {
  return html`<span class=${`cap nada-${nada}`}>${ikon && html`<${Ikon} nama=${ikon} />`}${children}</span>`;
}

/** What the server calls a code of a kind, as a chip. */
export function CapSebut({ jenis, kode, children }) {
  const { kata, nada } = sebut(jenis, kode);
  return html`<${Cap} nada=${nada}>${children}${kata}<//>`;
}

/** Grey bars where something will be. */
export function Rangka({ baris = 4, apa = "Memuat" }) {
  return html`<div class="rangka" role="status">
    <${Suara}>${apa} …<//>
    ${Array.from({ length: baris }, () => html`<div class="rangka-baris" />`)}
  </div>`;
}

/** Nothing here, and what one may do. */
export function Kosong({ judul, ikon = "daftar", children }) {
  return html`<div class="kosong"><${Ikon} nama=${ikon} /><p class="kosong-judul">${judul}</p>${children && html`<div>${children}</div>`}</div>`;
}

/**
 * A failure in a sentence one can act on; quietly where it will most likely pass. `sendiri`: the page tries again by
 * itself.
 */
export function Galat({ galat, ulangi, judul, sendiri = Boolean(ulangi) }) {
  if (!galat || galat.status === 401) return null; // the banner at the top tells of a login that has ended
  const tenang = galat.sementara;
  const ulang = ulangi && html`<button type="button" class="tombol tombol-kecil" onClick=${ulangi}><${Ikon} nama="ulang" />Coba lagi</button>`;
  return html`<${Pesan} nada=${tenang ? "awas" : "buruk"} ikon=${tenang ? "jam" : "awas"} judul=${judul ?? galat.judul ?? "Gagal"} peran=${tenang ? "status" : "alert"} aksi=${ulang}>
    <p>${galat.rincian ?? galat.message}</p>
    ${tenang && html`<p class="redup">${sendiri ? "Halaman ini mencoba lagi sendiri; yang sudah Anda tulis tidak hilang." : "Yang sudah Anda tulis tidak hilang; coba lagi sebentar lagi."}</p>`}
  <//>`;
}

/** Take the focus where what had it is gone: a keyboard goes on from here, a screen reader hears what came instead. */
export function useFokusHilang() {
  const acuan = useRef();
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) acuan.current?.focus();
  }, []);
  return acuan;
}

/** A remark; `aksi`: a button beside it. `fokus`: it stands where something was pressed. */
export function Pesan({ nada = "netral", ikon = "awas", judul, peran, fokus, aksi, children }) {
  const acuan = useFokusHilang();
  return html`<div class=${`pesan nada-${nada}`} role=${peran} ref=${fokus ? acuan : undefined} tabindex=${fokus ? -1 : undefined}>
    <${Ikon} nama=${ikon} />
    <div>${judul && html`<strong>${judul}</strong>`}${children}</div>
    ${aksi}
  </div>`;
}

/** A question before something is done. The page behind waits; Esc and the first button leave everything as it was. */
export function Dialog({ judul, tutup, kelas = "", children }) {
  const acuan = useRef();
  const id = useId();
  useEffect(() => {
    const asal = document.activeElement;
    const dialog = acuan.current;
    dialog.showModal();
    dialog.querySelector("h2").focus();
    return () => {
      if (dialog.open) dialog.close();
      if (asal?.isConnected) asal.focus();
    };
  }, []);
  return html`<dialog ref=${acuan} class=${`dialog ${kelas}`} aria-labelledby=${id} onCancel=${(peristiwa) => (peristiwa.preventDefault(), tutup())} onClose=${() => (acuan.current?.isConnected ? acuan.current.showModal() : undefined)}>
    <h2 id=${id} tabindex="-1">${judul}</h2>
    ${children}
  </dialog>`;
}

/** A link to a page of Airflow; with a key held down the browser opens it as it likes. */
export function TautanLuar({ href, children }) {
  function pergi(peristiwa) {
    if (peristiwa.ctrlKey || peristiwa.metaKey || peristiwa.shiftKey) return;
    peristiwa.preventDefault();
    buka(href);
  }
  return html`<a class="tautan" href=${href} rel="noopener noreferrer" onClick=${pergi}>${children}<${Ikon} nama="keluar" /></a>`;
}

/** A heading that takes the focus when its screen opens by itself. */
export function Judul({ tingkat = 1, fokus, children }) {
  const acuan = useRef();
  useEffect(() => {
    if (fokus && fokus !== "awal") acuan.current.focus({ preventScroll: false });
  }, [fokus]);
  const Tag = `h${tingkat}`;
  return html`<${Tag} ref=${acuan} tabindex="-1" class="judul">${children}<//>`;
}

/** What a screen of a unit's month begins with. */
export function KepalaLayar({ id, judul, children }) {
  const { unit, thblrek } = useKonteks();
  return html`<div class="kepala-layar">
    <h1 class="judul" id=${id} tabindex="-1">${judul}<span class="judul-kecil">${unit.nama ?? unit.unitup} · ${bulan(thblrek)}</span></h1>
    ${children}
  </div>`;
}

/** A choice of a kelompok; nothing chosen is `kosong`. */
export function PilihanKelompok({ kosong, ...lain }) {
  const { saya } = useKonteks();
  return html`<select ...${lain}><option value="">${kosong}</option>${saya.kelompok.map((kode) => html`<option value=${kode}>${kode}</option>`)}</select>`;
}

/** A table, of cards where it is narrow. `kolom`: [name, class] each; or `kepala`: its head's cells. Children: its rows. */
export function Tabel({ nama, kelas = "", kolom, kepala, children }) {
  const sel = kepala ?? kolom.map(([nama, kelas]) => html`<th role="columnheader" scope="col" class=${kelas}>${nama}</th>`);
  return html`<div class="tabel-wadah"><table class=${`tabel tabel-kartu ${kelas}`} role="table" aria-label=${nama}>
    <thead role="rowgroup"><tr role="row">${sel}</tr></thead>
    <tbody role="rowgroup">${children}</tbody>
  </table></div>`;
}

/** What customers are searched by. */
export function IsianCari({ cari, ubah }) {
  return html`<label class="isian isian-cari"><span>Cari</span><span class="dengan-ikon"><${Ikon} nama="cari" /><input type="search" autocomplete="off" placeholder="idpel, nama, atau KDDK" value=${cari} onInput=${({ currentTarget }) => ubah(currentTarget.value)} /></span></label>`;
}

/** A list with one of its codes taken out, or put in. */
export function balik(daftar, kode) {
  return daftar.includes(kode) ? daftar.filter((satu) => satu !== kode) : [...daftar, kode];
}

/** Codes that a list is filtered by, several at once. `isi`: [code, word, how many, tone] each. */
export function DeretKode({ nama, isi, dipilih, ubah }) {
  if (!isi.length) return null;
  return html`<div class="kode-deret" role="group" aria-label=${nama}>
    ${isi.map(([kode, kata, jumlah, nada]) => html`<button type="button" class="kode" aria-pressed=${dipilih.includes(kode)} onClick=${() => ubah(balik(dipilih, kode))}>${nada && html`<span class=${`titik nada-${nada}`} aria-hidden="true" />`}${kata} <span class="hitung">${angka(jumlah ?? 0)}</span></button>`)}
  </div>`;
}

/** The pages of a list. */
export function Halaman({ jumlah, halaman, ukuran, ke, apa = "pelanggan" }) {
  const akhir = Math.max(1, Math.ceil(jumlah / ukuran));
  if (akhir <= 1) return null;
  return html`<nav class="halaman-daftar" aria-label=${`Halaman daftar ${apa}`}>
    <button type="button" class="tombol tombol-kecil" disabled=${halaman <= 1} onClick=${() => ke(halaman - 1)}><${Ikon} nama="kembali" />Sebelumnya</button>
    <span>${angka((halaman - 1) * ukuran + 1)}–${angka(Math.min(halaman * ukuran, jumlah))} dari ${angka(jumlah)}</span>
    <button type="button" class="tombol tombol-kecil" disabled=${halaman >= akhir} onClick=${() => ke(halaman + 1)}>Berikutnya<${Ikon} nama="lanjut" /></button>
  </nav>`;
}

/** One figure with its name. */
export function Figur({ nama, nada = "netral", kecil, children }) {
  return html`<div class=${`figur nada-${nada}`}><dt>${nama}</dt><dd>${children}${kecil && html`<small>${kecil}</small>`}</dd></div>`;
}

/** Names with their values; those without one are left out. */
export function Pasangan({ isi, kelas = "" }) {
  return html`<dl class=${`pasangan ${kelas}`}>${isi.filter(([, nilai]) => nilai).map(([nama, nilai]) => html`<div><dt>${nama}</dt><dd>${nilai}</dd></div>`)}</dl>`;
}
