// What a person has typed and not sent yet: kept in this tab, by person and by what it is for, until it is sent.

import { useCallback, useState } from "../pustaka/preact.js";

function simpanan(aksi) {
  try {
    return aksi(sessionStorage);
  } catch {
    return null; // storage refused or full: the draft lives as long as the page
  }
}

/** Read what was kept under a key; null: nothing. */
export function bacaDraf(pemilik, kunci) {
  const teks = simpanan((s) => s.getItem(`pengesahan:${pemilik}:${kunci}`));
  try {
    return teks === null ? null : JSON.parse(teks);
  } catch {
    return null;
  }
}

/** Keep something under a key; null: forget it. */
export function tulisDraf(pemilik, kunci, nilai) {
  const nama = `pengesahan:${pemilik}:${kunci}`;
  simpanan((s) => (nilai === null ? s.removeItem(nama) : s.setItem(nama, JSON.stringify(nilai))));
}

/** State that survives a reload and a new login of the same person. Return value, setter, and one that forgets. */
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
