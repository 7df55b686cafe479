// A photo of a meter: larger, smaller, turned. Only the browser fetches it.

import { html, useEffect, useState } from "../../pustaka/preact.js";
import { buka } from "../api.js";
import { Ikon, Kosong, Suara } from "../komponen.js";

const BESAR = [1, 1.5, 2, 3, 4];
const DIPEGANG = 40; // photos that are held for whoever comes to them

/** Only addresses of the web: what else stands there is not opened. */
export function urlFoto(teks) {
  try {
    const url = new URL(teks);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const dipegang = new Map();

/** Have the browser fetch photos before somebody looks at them. */
export function muatDahulu(semua) {
  for (const teks of semua) {
    const href = urlFoto(teks);
    if (!href || dipegang.has(href)) continue;
    dipegang.set(href, Object.assign(new Image(), { referrerPolicy: "no-referrer", src: href }));
    if (dipegang.size > DIPEGANG) dipegang.delete(dipegang.keys().next().value);
  }
}

/** A photo as large as its place, or why there is none. `kelas`: what it is drawn as. */
export function Gambar({ url, nama, kelas = "foto", gaya }) {
  const [gagal, setGagal] = useState(null);
  const href = urlFoto(url);
  if (!href) return html`<${Kosong} judul="Tanpa foto" ikon="foto" />`;
  if (gagal === href) return html`<${Kosong} judul="Foto tidak dapat ditampilkan" ikon="foto">Server foto tidak memilikinya, tidak menjawab, atau tidak diizinkan di sini.<//>`;
  return html`<img key=${href} class=${kelas} style=${gaya} src=${href} alt=${nama} referrerpolicy="no-referrer" onError=${() => setGagal(href)} />`;
}

/** The same with what turns and enlarges it. `perintah`: a function that takes the deed of a key is put into it. */
export function FotoBesar({ url, nama, perintah }) {
  const [{ putar, besar }, setTampak] = useState({ putar: 0, besar: 0 });
  useEffect(() => setTampak({ putar: 0, besar: 0 }), [url]);
  const lakukan = (apa) =>
    setTampak((lama) => ({
      putar: (lama.putar + (apa === "putar" ? 90 : 0)) % 360,
      besar: Math.max(0, Math.min(BESAR.length - 1, lama.besar + (apa === "besar" ? 1 : apa === "kecil" ? -1 : 0))),
    }));
  if (perintah) perintah.current = lakukan;
  const href = urlFoto(url);
  const kali = BESAR[besar];
  return html`<div class="foto-besar">
    <div class="foto-bingkai" tabindex=${kali > 1 ? 0 : undefined} role=${kali > 1 ? "region" : undefined} aria-label=${kali > 1 ? `${nama}, diperbesar` : undefined}><${Gambar} url=${url} nama=${nama} gaya=${`transform: rotate(${putar}deg); width: ${kali * 100}%; max-width: none; max-height: ${kali === 1 ? "100%" : "none"};`} /></div>
    ${href &&
    html`<div class="deret foto-alat">
      <button type="button" class="tombol tombol-kecil" disabled=${besar === BESAR.length - 1} onClick=${() => lakukan("besar")}>Perbesar</button>
      <button type="button" class="tombol tombol-kecil" disabled=${besar === 0} onClick=${() => lakukan("kecil")}>Perkecil</button>
      <button type="button" class="tombol tombol-kecil" onClick=${() => lakukan("putar")}>Putar</button>
      <button type="button" class="tombol tombol-kecil tombol-halus" onClick=${() => buka(href, { tabBaru: true })}><${Ikon} nama="keluar" />Tab baru<${Suara}>: ${nama}<//></button>
    </div>`}
  </div>`;
}
