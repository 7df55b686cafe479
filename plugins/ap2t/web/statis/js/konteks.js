// What every screen knows: who looks, at which unit and month, in which zone.

import { createContext, useContext } from "../pustaka/preact.js";

export const Konteks = createContext(null);

/** `{saya, unit, thblrek, zona, bertindak, sempit}` of the page. */
export function useKonteks() {
  return useContext(Konteks);
}

/** Say something to whoever listens rather than looks; politely, and once. */
export function umumkan(kalimat) {
  const tempat = document.getElementById("umuman");
  if (tempat && tempat.textContent !== kalimat) tempat.textContent = kalimat;
}
