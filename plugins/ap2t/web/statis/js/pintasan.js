// Keys that do something by themselves. Whoever speaks or types to the page may switch them off.

import { useEffect, useRef } from "../pustaka/preact.js";
import { diSimpanan } from "./draf.js";

const MATI = "pengesahan:pintasan-mati";
const MENGETIK = "input, textarea, select, [contenteditable]";
const DIGULIR = ".foto-bingkai[tabindex]"; // a photo that is larger than its frame
const DITEKAN = "button, a[href], summary";

/** Whether the keys work in this browser. */
export function pintasanHidup() {
  return diSimpanan((simpanan) => simpanan.getItem(MATI), "localStorage") === null;
}

/** Switch them on or off. */
export function aturPintasan(hidup) {
  diSimpanan((simpanan) => (hidup ? simpanan.removeItem(MATI) : simpanan.setItem(MATI, "1")), "localStorage");
}

/**
 * Listen to keys while `aktif`. `perbuatan`: what each does, by `KeyboardEvent.key` in small letters. `dialog`: they are
 * those of a dialog; while one is open all others rest.
 *
 * Nobody who types is disturbed, Space and Enter stay with the button that has the focus, and a key that is held down
 * counts once: nobody looks at thirty customers a second.
 */
export function usePintasan(perbuatan, aktif = true, dialog = false) {
  const acuan = useRef(perbuatan);
  acuan.current = perbuatan;
  useEffect(() => {
    if (!aktif) return undefined;
    function tekan(peristiwa) {
      const { key, target, ctrlKey, metaKey, altKey, repeat, defaultPrevented } = peristiwa;
      const aksi = acuan.current[key.toLowerCase()];
      if (!aksi || ctrlKey || metaKey || altKey || repeat || defaultPrevented || target.closest?.(MENGETIK) || !pintasanHidup()) return;
      if (key.startsWith("Arrow") && target.closest?.(DIGULIR)) return;
      if (!dialog && document.querySelector("dialog[open]")) return;
      if ((key === " " || key === "Enter") && target.closest?.(DITEKAN)) return;
      peristiwa.preventDefault();
      aksi();
    }
    document.addEventListener("keydown", tekan);
    return () => document.removeEventListener("keydown", tekan);
  }, [aktif]);
}
