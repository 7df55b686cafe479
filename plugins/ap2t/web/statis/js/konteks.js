// What every screen knows: who looks, at which unit and month, in which zone.

import { createContext, useContext } from "../pustaka/preact.js";

export const Konteks = createContext(null);

/** What the screens of a unit's month know; `bertindak`: this person may start and answer. */
export function buatKonteks(saya, unit, thblrek) {
  return { saya, unit, thblrek, zona: unit.zona_waktu, bertindak: unit.boleh_bertindak ?? saya.boleh_bertindak };
}

/** `{saya, unit, thblrek, zona, bertindak}`, as made above. */
export function useKonteks() {
  return useContext(Konteks);
}

const judul = { layar: "Pengesahan", menunggu: 0 };

/** Say in the tab's title which screen this is, or how many kelompok wait for this person. */
export function judulTab(sebagian) {
  Object.assign(judul, sebagian);
  document.title = `${judul.menunggu ? `(${judul.menunggu}) ` : ""}${judul.layar}`;
}

/** Say something to whoever listens rather than looks; politely, and once. */
export function umumkan(kalimat) {
  const tempat = document.getElementById("umuman");
  if (tempat && tempat.textContent !== kalimat) tempat.textContent = kalimat;
}
