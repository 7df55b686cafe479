// Numbers as the ledger has them: exact decimals in text, never floats. Written for a reader in Indonesian.

const DESIMAL = 6;
const SKALA = 10n ** BigInt(DESIMAL);

/** Read decimal text (or an integer) as millionths; null: there is no number. */
export function juta(nilai) {
  if (nilai === null || nilai === undefined) return null;
  const cocok = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(String(nilai).trim());
  if (cocok === null) return null;
  const [, tanda, utuh, pecahan = ""] = cocok;
  const besar = BigInt(utuh) * SKALA + BigInt(pecahan.slice(0, DESIMAL).padEnd(DESIMAL, "0"));
  return tanda === "-" ? -besar : besar;
}

const TULIS = Array.from({ length: DESIMAL + 1 }, (_, maks) => new Intl.NumberFormat("id-ID", { maximumFractionDigits: maks }));

/** Write millionths, exactly: at most `maks` decimals, rounded half up, never as minus zero. */
export function tulisJuta(nilai, maks = 3) {
  return nilai === null ? "–" : TULIS[maks].format(`${nilai}e-${DESIMAL}`).replace(/^-0$/, "0").replace("-", "−");
}

/** Write decimal text or an integer; "–": there is none. */
export function angka(nilai, maks = 3) {
  return tulisJuta(juta(nilai), maks);
}

/** Divide, rounded half up away from zero. */
function bagi(satu, dua) {
  const [pembilang, penyebut] = [satu < 0n ? -satu : satu, dua < 0n ? -dua : dua];
  const hasil = (2n * pembilang + penyebut) / (2n * penyebut);
  return satu < 0n === dua < 0n ? hasil : -hasil;
}

/** Write a change from `lalu` to `kini` in percent with its sign, from 10 on in whole ones; null: cannot be said. */
export function perubahan(kini, lalu) {
  const nilai = juta(kini);
  const dasar = juta(lalu);
  if (nilai === null || dasar === null || dasar === 0n) return null;
  const selisih = nilai - dasar;
  const persen = Number(bagi(selisih * 1000n, dasar)) / 10;
  const teks = Math.abs(persen) >= 10 ? Number(bagi(selisih * 100n, dasar)) : persen;
  return { persen, teks: `${persen > 0 ? "+" : persen < 0 ? "−" : "±"}${String(Math.abs(teks)).replace(".", ",")} %` };
}

/** Say how many of something: "1.980 pelanggan". */
export function sekian(jumlah, apa = "pelanggan") {
  return `${angka(jumlah)} ${apa}`;
}
