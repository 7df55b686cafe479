// Instants in the unit's own zone, and how long ago by the server's clock.

const HARI = { year: "numeric", month: "2-digit", day: "2-digit" };
const ISO = /^\d{4}-\d\d-\d\d([T ]|$)/;
let geser = 0;

/** Read an instant, in milliseconds; NaN: it is none. Of text in another form each browser makes what it likes. */
function urai(iso) {
  return ISO.test(iso) ? Date.parse(iso) : NaN;
}

/** Take the server's clock from an answer of it. */
export function samakanJam(iso) {
  const server = urai(iso);
  if (!Number.isNaN(server)) geser = server - Date.now();
}

/** Now, by the server's clock, in milliseconds. */
export function kini() {
  return Date.now() + geser;
}

function tulis(iso, zona, bentuk) {
  const saat = iso instanceof Date ? iso : new Date(urai(iso));
  return Number.isNaN(saat.getTime()) ? "–" : new Intl.DateTimeFormat("id-ID", { timeZone: zona, ...bentuk }).format(saat);
}

/** "14.05 WIB", with the day before it where it is not today. */
export function jam(iso, zona) {
  if (!iso) return "–";
  const pukul = tulis(iso, zona, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  if (pukul === "–") return pukul;
  const sama = tulis(iso, zona, HARI) === tulis(new Date(kini()), zona, HARI);
  return sama ? pukul : `${tulis(iso, zona, { day: "numeric", month: "short" })} ${pukul}`;
}

/** "3 Des 2026 14.05 WIB". */
export function lengkap(iso, zona) {
  if (!iso) return "–";
  const bentuk = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  return tulis(iso, zona, bentuk).replace(",", "").replace(" pukul", "");
}

/** A calendar day, "YYYY-MM-DD", as "Sel, 3 Nov". */
export function hari(tanggal) {
  return tanggal ? tulis(tanggal.slice(0, 10), "UTC", { weekday: "short", day: "numeric", month: "short" }) : "–";
}

/** Tell whether a calendar day is today in a zone. */
export function hariIni(tanggal, zona) {
  return Boolean(tanggal) && tulis(tanggal.slice(0, 10), "UTC", HARI) === tulis(new Date(kini()), zona, HARI);
}

/** A month YYYYMM as "Desember 2026". */
export function bulan(thblrek) {
  return tulis(`${thblrek.slice(0, 4)}-${thblrek.slice(4)}-01`, "UTC", { month: "long", year: "numeric" });
}

/** How long since an instant: "baru saja", "12 menit", "3 jam 5 menit", "2 hari". */
export function sejak(iso) {
  const menit = Math.floor((kini() - urai(iso)) / 60_000);
  if (!(menit >= 1)) return "baru saja";
  if (menit < 60) return `${menit} menit`;
  const jamnya = Math.floor(menit / 60);
  if (jamnya < 24) return menit % 60 ? `${jamnya} jam ${menit % 60} menit` : `${jamnya} jam`;
  return `${Math.floor(jamnya / 24)} hari`;
}

/** A span in hours (decimal text) as a person says it: "25 menit", "3,4 jam", "2,1 hari". */
export function rentang(jamTeks) {
  const nilai = String(jamTeks ?? "").trim() === "" ? NaN : Number(jamTeks);
  if (!Number.isFinite(nilai)) return null;
  if (nilai < 0) return "sebelum dibaca";
  const menit = Math.round(nilai * 60);
  if (menit < 60) return `${menit} menit`;
  const [banyak, satuan] = nilai < 48 ? [nilai, "jam"] : [nilai / 24, "hari"];
  return `${banyak.toFixed(1).replace(/\.0$/, "").replace(".", ",")} ${satuan}`;
}
