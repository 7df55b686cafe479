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

/** Read what was kept under a key; null: nothing. */
export function bacaDraf(pemilik, kunci) {
  const teks = diSimpanan((simpanan) => simpanan.getItem(`pengesahan:${pemilik}:${kunci}`));
  try {
    return teks === null ? null : JSON.parse(teks);
  } catch {
    return null;
  }
}

/** Keep something under a key; null: forget it. */
export function tulisDraf(pemilik, kunci, nilai) {
  const nama = `pengesahan:${pemilik}:${kunci}`;
  diSimpanan((simpanan) => (nilai === null ? simpanan.removeItem(nama) : simpanan.setItem(nama, JSON.stringify(nilai))));
}

/** State that survives a reload and a new login of the same person: value, setter, and one that forgets. */
export function useDraf(pemilik, kunci, awal) {
  const [nilai, setNilai] = useState(() => ({ ...awal, ...bacaDraf(pemilik, kunci) }));
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
