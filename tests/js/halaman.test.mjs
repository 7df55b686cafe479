// What the page writes, by node's own test runner: numbers, instants, addresses. Started by tests/unit/test_halaman_js.py,
// which puts the page's files where they can be imported (HALAMAN_JS) and what Python says beside them (KASUS).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.document = { baseURI: "http://airflow.uji/pengesahan/" };
const muat = (nama) => import(`${process.env.HALAMAN_JS}/js/${nama}.js`);
const { angka, juta, perubahan, tulisJuta } = await muat("angka");
const { bulan, hari, jam, lengkap, rentang, sejak } = await muat("waktu");
const { ambil } = await muat("api");
const { tautan } = await muat("rute");
const { sisaDetik } = await muat("gerbang");
const PYTHON = JSON.parse(readFileSync(process.env.KASUS, "utf8"));
const BENIH = Number(process.env.BENIH);
const CONTOH = Number(process.env.CONTOH);

/** Random numbers that come again with the same seed. */
function acak(benih) {
  let a = benih;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Something that holds for all of what is made; what it does not hold for is shown with the seed. */
function sifat(nama, buat, periksa) {
  test(nama, () => {
    const dadu = acak(BENIH);
    const sampai = (n) => Math.floor(dadu() * n);
    for (let ke = 0; ke < CONTOH; ke += 1) {
      const isi = buat(sampai);
      try {
        periksa(isi);
      } catch (galat) {
        galat.message = `benih ${BENIH}, contoh ke-${ke}: ${JSON.stringify(isi)}\n${galat.message}`;
        throw galat;
      }
    }
  });
}

const digit = (sampai, n) => Array.from({ length: n }, () => sampai(10)).join("");
const desimal = (pecahan, panjang = 18) => (sampai) => {
  const utuh = sampai(4) ? digit(sampai, 1 + sampai(TEPAT ? panjang : 8)) : "0";
  const ekor = sampai(3) ? `.${digit(sampai, 1 + sampai(pecahan))}` : "";
  return `${["", "", "-", "+"][sampai(4)]}${utuh}${ekor}`;
};
/** Whether this node writes more digits than a float holds, as browsers do since 2022; Debian 12's does not. */
const TEPAT = new Intl.NumberFormat("id-ID").format("9007199254740993").endsWith("993");
if (!TEPAT) console.log("DILEWATI: node ini lebih tua dari 20; angka di atas 15 digit TIDAK diuji.");

const SEBAIKNYA = /^(−(?!0$))?\d{1,3}(\.\d{3})*(,\d*[1-9])?$/;
const bacaLagi = (teks) => juta(teks.replace("−", "-").replaceAll(".", "").replace(",", "."));

sifat("angka dengan enam desimal terbaca lagi persis sama", desimal(6), (teks) => {
  assert.match(angka(teks, 6), SEBAIKNYA);
  assert.equal(bacaLagi(angka(teks, 6)), juta(teks));
});

sifat("dibulatkan ke atas di tengah, menjauhi nol, tanpa nol bertanda", desimal(6), (teks) => {
  const tepat = juta(teks);
  for (const [maks, satuan] of [[3, 1000n], [0, 1_000_000n]]) {
    const mutlak = tepat < 0n ? -tepat : tepat;
    const bulat = ((mutlak + satuan / 2n) / satuan) * satuan;
    assert.match(tulisJuta(tepat, maks), SEBAIKNYA);
    assert.equal(bacaLagi(tulisJuta(tepat, maks)), tepat < 0n ? -bulat : bulat);
  }
});

test("yang bukan angka ditulis sebagai tidak ada", () => {
  for (const isi of [null, undefined, "", " ", "abc", "1e5", "NaN", "Infinity", "1.", ".5", "--1", "1,5", "0x1", {}, [], true]) {
    assert.equal(angka(isi), "–", JSON.stringify(isi));
    assert.equal(perubahan(isi, "1"), null);
    assert.equal(perubahan("1", isi), null);
  }
});

sifat("tanda perubahan adalah tanda selisihnya", (s) => [desimal(6, 12)(s), desimal(6, 12)(s).replace(/^[-+]/, "")], ([kini, lalu]) => {
  const hasil = perubahan(kini, lalu);
  if (juta(lalu) === 0n) return assert.equal(hasil, null);
  assert.match(hasil.teks, /^(±0|[+−]\d+(,\d)?) %$/);
  const selisih = juta(kini) - juta(lalu);
  if (hasil.persen !== 0) assert.equal(hasil.persen > 0, selisih > 0n);
});

const ZONA = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"];
const LABEL = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const saat = (s) => [new Date(Date.UTC(1980, 0, 1) + s(60 * 366 * 24 * 60) * 60_000).toISOString(), ZONA[s(3)]];

sifat("waktu selalu berlabel zona unitnya", saat, ([iso, zona]) => {
  assert.match(jam(iso, zona), new RegExp(`^(\\d+ [A-Z][a-z]{2} )?\\d\\d\\.\\d\\d ${LABEL[zona]}$`));
  assert.match(lengkap(iso, zona), new RegExp(`^\\d+ [A-Z][a-z]{2} \\d{4} \\d\\d\\.\\d\\d ${LABEL[zona]}$`));
});

test("yang bukan waktu tidak membuat halaman berhenti", () => {
  for (const isi of ["", "besok", "2026-13-45", "5", "2026-06-01T25:00:00Z", "null", "0000-00-00", "x".repeat(9000)]) {
    assert.equal(jam(isi, ZONA[0]), "–");
    assert.equal(lengkap(isi, ZONA[0]), "–");
    assert.equal(bulan(isi), "–");
    assert.equal(sejak(isi), "baru saja");
  }
  for (const isi of ["", "besok", "5", "2026-13-45", "01-06-2026"]) assert.equal(hari(isi), "–");
  for (const isi of [null, undefined, "", " ", "abc", "NaN", "1e999"]) assert.equal(rentang(isi), null, JSON.stringify(isi));
});

sifat("rentang disebut dalam satuan yang pantas", (s) => String(s(100_000) / 1000), (jamnya) => {
  const [banyak, satuan] = rentang(jamnya).split(" ");
  const nilai = Number(banyak.replace(",", "."));
  const [batas, kali] = { menit: [60, 1 / 60], jam: [48.05, 1], hari: [Infinity, 24] }[satuan];
  assert.ok(nilai < batas, rentang(jamnya));
  assert.ok(Math.abs(nilai * kali - Number(jamnya)) <= { menit: 0.5 / 60, jam: 0.05, hari: 1.2 }[satuan] + 1e-9, rentang(jamnya));
});

const HURUF = ["a", "/", "#", "%", "?", "&", "<", '"', "'", " ", "é", "\u202e", "🙂", "\\", ".", "%2F"];
const kata = (s) => Array.from({ length: 1 + s(6) }, () => HURUF[s(HURUF.length)]).join("");

sifat("alamat membawa kata apa pun utuh, tanpa apa pun yang berarti bagi HTML", (s) => [kata(s), kata(s)], (bagian) => {
  const hash = tautan(...bagian);
  assert.doesNotMatch(hash, /[<>"&\s]/);
  assert.deepEqual(hash.replace(/^#/, "").split("/").filter(Boolean).map(decodeURIComponent), bagian);
});

test("kata yang dicari tiba sebagai kepala, juga separuh huruf", async () => {
  const diminta = [];
  globalThis.fetch = async (_, { headers }) => (diminta.push(headers["X-Cari"]), new Response("{}"));
  for (const cari of ["Siti & Ani", "é🙂", "a\ud83d", "\udc00"]) await ambil("x", { cari });
  assert.deepEqual(diminta.map(decodeURIComponent), ["Siti & Ani", "é🙂", "a\ufffd", "\ufffd"]);
});

test("halaman menulis seperti Python menulis", () => {
  const tulis = { angka: (isi) => angka(isi, 6), perubahan: (isi) => perubahan(...isi).teks, lengkap: (isi) => lengkap(...isi), bulan, hari };
  for (const [nama, isi, harap] of PYTHON) {
    if (nama === "angka" && !TEPAT && isi.replace(/\D/g, "").length > 15) continue;
    assert.equal(tulis[nama](isi), harap, `benih ${BENIH}: ${nama}(${JSON.stringify(isi)})`);
  }
});

sifat(
  "a gate is answered no sooner than ten seconds after it can have opened",
  (sampai) => ({ mulai: sampai(120), antre: sampai(120), buku: sampai(120), berdiri: sampai(30), dilihat: sampai(30) }),
  ({ mulai, antre, buku, berdiri, dilihat }) => {
    // it stands after all that Airflow tells of, and is seen after that
    const kini = Date.parse("2027-01-01T00:00:00Z");
    const terbuka = kini - (berdiri + dilihat) * 1000;
    const saat = (detik) => new Date(terbuka - detik * 1000).toISOString();
    const tugas = { state: "awaiting_input", start_date: saat(mulai), queued_when: saat(antre) };
    const sisa = sisaDetik({ dibuka_pada: saat(buku) }, tugas, kini - dilihat * 1000, kini);
    const lama = Math.min(mulai, antre, buku) + berdiri + dilihat;
    if (sisa === 0) assert.ok(lama >= 60 || dilihat >= 10);
    else assert.equal(sisa, 10 - dilihat);
  },
);

test("a gate that does not stand cannot be answered", () => {
  for (const tugas of [undefined, { state: null }, { state: "running" }, { state: "deferred" }]) {
    assert.equal(sisaDetik({ dibuka_pada: null }, tugas, 0, Date.now()), null);
  }
});
