// Where the person is, in the address's hash: reloading, sharing and the browser's back button land at the right place.
//
//   #/54110/202612               the kelompok of a unit and month
//   #/54110/202612/A             one kelompok; …/A/PS-… one session of it
//   #/54110/202612/pelanggan     customers; …/pelanggan/541100000001 one of them; …/dikembalikan those sent back
//   #/54110/202612/pembatalan    #/54110/202612/riwayat    …/sesi/PS-…
//   #/run/DAG/RUN                the session of a run: the tab that Airflow shows there
//
// What a list shows stands behind a "?": #/54110/202612/A?daftar=dlpd&urut=kwh

import { useCallback, useEffect, useState } from "../pustaka/preact.js";
import { diSimpanan } from "./draf.js";

const LAYAR = new Set(["pelanggan", "pembatalan", "riwayat", "sesi"]);
const TERAKHIR = "pengesahan:rute";

function potong(hash) {
  try {
    return hash.replace(/^#/, "").split("?", 1)[0].split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return []; // a broken escape: the beginning
  }
}

/** Read a hash. */
function baca(hash) {
  const [satu, dua, tiga, empat] = potong(hash);
  if (satu === "run" && dua && tiga) return { layar: "run", dagId: dua, runId: tiga };
  if (!/^[0-9A-Za-z]{5}$/.test(satu ?? "")) return { layar: "kelompok" };
  const tempat = { unitup: satu, thblrek: /^[0-9]{6}$/.test(dua ?? "") ? dua : undefined };
  if (!tiga) return { layar: "kelompok", ...tempat };
  if (tiga === "pelanggan") return { layar: tiga, ...tempat, idpel: empat };
  if (tiga === "sesi") return { layar: empat ? tiga : "riwayat", ...tempat, nomor: empat };
  if (LAYAR.has(tiga)) return { layar: tiga, ...tempat };
  return { layar: "kelompok", ...tempat, kode: tiga, nomor: empat };
}

/** Write a hash from its parts. */
export function tautan(...bagian) {
  return `#/${bagian.filter((satu) => satu !== undefined && satu !== null && satu !== "").map(encodeURIComponent).join("/")}`;
}

/** Go somewhere. `ganti` leaves no step in the history; `kueri`: what the list shows goes along. */
export function ke(hash, { ganti = false, kueri = "" } = {}) {
  hash += kueri && `?${kueri}`;
  if (ganti) {
    history.replaceState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hash;
  }
}

function awal() {
  const kueri = new URLSearchParams(location.search);
  if (!location.hash && kueri.get("dag_id") && kueri.get("run_id")) {
    return tautan("run", kueri.get("dag_id"), kueri.get("run_id"));
  }
  // the frame in Airflow's navigation forgets where it was when the window around it is reloaded
  if (!location.hash && window.parent !== window) return diSimpanan((simpanan) => simpanan.getItem(TERAKHIR)) ?? "";
  return location.hash;
}

/**
 * Keep the place for a reload: for the window around us where Airflow shows us in its navigation (its own address carries
 * our hash into the frame), and in this tab.
 */
function ingat() {
  if (baca(location.hash).layar === "run") return;
  diSimpanan((simpanan) => simpanan.setItem(TERAKHIR, location.hash));
  try {
    const luar = window.parent;
    if (luar === window || !luar.location.pathname.includes("/plugin/")) return;
    luar.history.replaceState(luar.history.state, "", luar.location.pathname + luar.location.search + location.hash);
  } catch {
    // the window around us is of another origin: it forgets the place on reload
  }
}

/** What stands behind the "?" of the hash. */
export function bacaKueri() {
  return new URLSearchParams(location.hash.split("?").slice(1).join("?"));
}

/**
 * State that stands in the address, so that back, reload and a link bring the same view: value and setter.
 *
 * `awal`: what holds where the address says nothing, text or lists of text; only what differs is written.
 */
export function useKueri(awal) {
  const susun = () => {
    const kueri = bacaKueri();
    return Object.fromEntries(Object.entries(awal).map(([nama, nilai]) => [nama, Array.isArray(nilai) ? kueri.getAll(nama) : (kueri.get(nama) ?? nilai)]));
  };
  const [nilai, setNilai] = useState(susun);
  useEffect(() => {
    const pindah = () => setNilai((lama) => (JSON.stringify(lama) === JSON.stringify(susun()) ? lama : susun()));
    addEventListener("hashchange", pindah);
    return () => removeEventListener("hashchange", pindah);
  }, []);
  const ubah = useCallback((sebagian) => {
    const kueri = bacaKueri();
    for (const [nama, isi] of Object.entries(sebagian)) {
      kueri.delete(nama);
      for (const satu of [isi].flat()) if (satu !== "" && satu !== awal[nama]) kueri.append(nama, satu);
    }
    ke(location.hash.split("?", 1)[0], { ganti: true, kueri: kueri.toString() });
  }, []);
  return [nilai, ubah];
}

/** The place now; re-renders when it changes. */
export function useRute() {
  const [hash, setHash] = useState(awal);
  useEffect(() => {
    const pindah = () => {
      setHash(location.hash);
      ingat();
    };
    if (hash !== location.hash) history.replaceState(null, "", hash || "#/");
    addEventListener("hashchange", pindah);
    addEventListener("load", () => setTimeout(ingat, 500)); // Airflow writes its own address when the frame has loaded
    return () => removeEventListener("hashchange", pindah);
  }, []);
  return baca(hash);
}
