// What a person has typed and not sent yet: kept in this tab, by person and by what it is for, until it is sent.

import { useCallback, useState } from "../pustaka/preact.js";

/** Use the browser's storage; null: it is refused or full, and nothing is kept beyond the page. */
export function diSimpanan(aksi, tempat = "sessionStorage") {
  try {
    return aksi(window[tempat]);
  } catch {
    return null;
  }
}

const nama = (pemilik, kunci) => `pengesahan:${pemilik}:${kunci}`;

function baca(pemilik, kunci) {
  try {
    return JSON.parse(diSimpanan((simpanan) => simpanan.getItem(nama(pemilik, kunci))));
  } catch {
    return null;
  }
}

/** Keep something under a key; null: forget it. */
export function tulisDraf(pemilik, kunci, nilai) {
  diSimpanan((simpanan) => (nilai === null ? simpanan.removeItem(nama(pemilik, kunci)) : simpanan.setItem(nama(pemilik, kunci), JSON.stringify(nilai))));
}

/** State that survives a reload and a new login of the same person: value, setter, and one that forgets. */
export function useDraf(pemilik, kunci, awal) {
  const [nilai, setNilai] = useState(() => ({ ...awal, ...baca(pemilik, kunci) }));
  const ubah = useCallback(
    (sebagian) =>
      setNilai((lama) => {
        const baru = { ...lama, ...(typeof sebagian === "function" ? sebagian(lama) : sebagian) };
        tulisDraf(pemilik, kunci, baru);
        return baru;
      }),
    [pemilik, kunci],
  );
  const lupakan = useCallback(() => {
    tulisDraf(pemilik, kunci, null);
    setNilai(awal);
  }, [pemilik, kunci]);
  return [nilai, ubah, lupakan];
}
