// Looking again and again: sooner while things move, later while nothing does or the server is in trouble.

import { useCallback, useEffect, useRef, useState } from "../pustaka/preact.js";
import { ambil, login } from "./api.js";

const TENANG = 4; // times the pace at most, where nothing changes
const GAGAL_MAKS = 60_000;
const SIBUK_MAKS = 15_000; // where the server itself says when to come again

/** Leave the clock out of the comparison: it differs every time. */
function tanpaJam(isi) {
  return JSON.stringify(isi, (nama, nilai) => (nama === "sekarang" ? undefined : nilai));
}

/**
 * Call `muat(signal)` now and then; what it brought stays while the next is on its way.
 *
 * `kunci` says what is asked for: another key begins anew; null asks for nothing. `jeda`: milliseconds between two looks
 * (0: look once). Hidden pages do not look. A refusal for good (403, 404) is not asked again.
 */
export function useJajak(kunci, muat, jeda = 0) {
  const [hasil, setHasil] = useState({ kunci: null, data: null, galat: null });
  const acuan = useRef({ muat, jeda });
  acuan.current = { muat, jeda };
  const segera = useRef(() => {});

  useEffect(() => {
    if (kunci === null) return undefined;
    let hidup = true;
    let pewaktu = 0;
    let pembatal = null;
    let teks = null;
    let pengali = 1;
    let gagal = 0;
    let diminta = 0; // milliseconds that the server asked to wait

    async function lihat() {
      clearTimeout(pewaktu);
      pembatal?.abort();
      const milikku = (pembatal = new AbortController());
      try {
        const data = await acuan.current.muat(milikku.signal);
        if (!hidup || milikku !== pembatal) return;
        const kini = tanpaJam(data);
        pengali = kini === teks ? Math.min(pengali * 1.3, TENANG) : 1;
        gagal = 0;
        diminta = 0;
        if (kini !== teks) setHasil({ kunci, data, galat: null });
        else setHasil((lama) => (lama.galat ? { ...lama, galat: null } : lama));
        teks = kini;
      } catch (galat) {
        if (!hidup || milikku !== pembatal || galat.name === "AbortError") return;
        gagal += 1;
        diminta = galat.tunggu ?? 0;
        setHasil((lama) => ({ kunci, data: lama.kunci === kunci ? lama.data : null, galat }));
        if (galat.status === 403 || galat.status === 404) return;
      }
      jadwalkan();
    }

    function jadwalkan() {
      const pokok = acuan.current.jeda;
      if (!hidup || document.hidden || (!pokok && !gagal)) return;
      const mundur = Math.min((pokok || 2000) * 2 ** gagal, diminta ? SIBUK_MAKS : GAGAL_MAKS);
      // after a failure not all tabs come back in the same instant
      pewaktu = setTimeout(lihat, gagal ? Math.max(mundur, diminta) * (0.8 + 0.4 * Math.random()) : pokok * pengali);
    }

    function tampak() {
      if (document.hidden) clearTimeout(pewaktu);
      else if (acuan.current.jeda || gagal) lihat();
    }

    segera.current = () => {
      pengali = 1;
      lihat();
    };
    document.addEventListener("visibilitychange", tampak);
    login.addEventListener("masuk", tampak);
    lihat();
    return () => {
      hidup = false;
      clearTimeout(pewaktu);
      pembatal?.abort();
      document.removeEventListener("visibilitychange", tampak);
      login.removeEventListener("masuk", tampak);
    };
  }, [kunci]);

  // another pace counts at once; the first look is on its way already
  const pertama = useRef(true);
  useEffect(() => {
    if (!pertama.current && kunci !== null && jeda) segera.current();
    pertama.current = false;
  }, [jeda]);

  const { data, galat } = hasil.kunci === kunci ? hasil : { data: null, galat: null };
  const segarkan = useCallback(() => segera.current(), []);
  return { data, galat, memuat: kunci !== null && !data && !galat, segarkan };
}

/** The same for a path of the page's API; `jalan` null asks for nothing. */
export function useAmbil(jalan, { kueri, cari, jeda } = {}) {
  const kunci = jalan === null ? null : `${jalan}?${JSON.stringify([kueri, cari])}`;
  return useJajak(kunci, (sinyal) => ambil(jalan, { kueri, cari, sinyal }), jeda);
}

/**
 * One deed at a time. `sibuk` names the one under way, `galat` is what became of the last; `kerjakan(deed, name)` begins
 * one.
 */
export function useKerja() {
  const [sibuk, setSibuk] = useState(null);
  const [galat, setGalat] = useState(null);
  async function kerjakan(aksi, nama = "kerja") {
    setSibuk(nama);
    setGalat(null);
    try {
      await aksi();
    } catch (salah) {
      if (salah.name !== "AbortError") setGalat(salah);
    }
    setSibuk(null);
  }
  return { sibuk, galat, kerjakan };
}

/** Re-render every `jeda` milliseconds while `aktif`: for countdowns and "since". */
export function useDetak(jeda, aktif = true) {
  const [, setDetak] = useState(0);
  useEffect(() => {
    if (!aktif) return undefined;
    const pewaktu = setInterval(() => setDetak((detak) => detak + 1), jeda);
    return () => clearInterval(pewaktu);
  }, [jeda, aktif]);
}

/** Give a value once it has rested. Nobody types to be answered letter by letter. */
export function useTenang(nilai, jeda = 350) {
  const [tenang, setTenang] = useState(nilai);
  useEffect(() => {
    const pewaktu = setTimeout(() => setTenang(nilai), jeda);
    return () => clearTimeout(pewaktu);
  }, [nilai, jeda]);
  return tenang;
}
