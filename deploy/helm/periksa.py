# /// script
# requires-python = ">=3.11"
# dependencies = ["helm-python-sdk==0.2.2", "pyyaml==6.0.3"]
# ///
"""Render values.yaml with the chart itself and check what comes out: ``make helm CHART=airflow-1.22.0.tgz``.

A key that a schema names may still do nothing, and what a chart brings unasked stands in no file of ours. So nothing
here looks at values.yaml alone. Helm's own library renders the chart, without a cluster, and the objects are judged.
At the end each value is changed once: a value that changes no object is a key that the chart does not read.

Exit code: 0 everything holds, 1 something does not, 2 the chart or the values cannot be read.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import helm_python
import yaml

Objek = dict[str, Any]
BAWAAN = Path(__file__).with_name("values.yaml")
RILIS = "ap2t"
VERSI = "1.22.0"
SIDIK = "1f7d1dfe3d58e2c54899950aba907a43625a18c8b6fb3c54760c21592129a5b6"
"""SHA-256 of the archive of chart 1.22.0 as its publisher's index states it."""
BAGIAN = ("scheduler", "dag-processor", "triggerer", "worker", "api-server")
MIGRASI = f"{RILIS}-run-airflow-migrations"
PEMILIK = "ap2t-buku-pemilik"
FOLDER_KONEKSI, SEGEL, LOG = "/run/secrets/ap2t", "/opt/airflow/segel", "/opt/airflow/logs"
KONEKSI = {
    # part to the key of Secret ap2t-koneksi that it is given
    "dag-processor": "koneksi.json",
    "triggerer": "koneksi.json",
    "worker": "koneksi.json",
    "api-server": "koneksi_halaman.json",
    "run-airflow-migrations": "koneksi.json",
}
BERKUASA = {"create", "update", "patch", "delete", "deletecollection", "*"}
WAJAR = {
    "apiServer.allowPodLogReading": "hanya mengikat peran pembaca log; tanpa token tidak ada yang memakainya",
}
"""Values that may change no object, and why each stays all the same."""


@dataclass(frozen=True)
class Hasil:
    """What the chart makes of the values."""

    nilai: Objek
    objek: list[Objek]

    def jenis(self, *kind: str) -> list[Objek]:
        """Return the objects of these kinds."""
        return [o for o in self.objek if o["kind"] in kind]

    def satu(self, kind: str, nama: str) -> Objek:
        """Return one object by its name, or an empty one."""
        return next((o for o in self.jenis(kind) if o["metadata"]["name"] == nama), {})

    def pod(self) -> Iterator[tuple[str, Objek]]:
        """Give each pod template with the name of its part (``scheduler``, ``run-airflow-migrations``, …)."""
        for o in self.jenis("Deployment", "StatefulSet", "Job"):
            yield o["metadata"]["name"].removeprefix(f"{RILIS}-"), o["spec"]["template"]
        for o in self.jenis("CronJob"):
            yield o["metadata"]["name"], o["spec"]["jobTemplate"]["spec"]["template"]

    def kontainer(self) -> Iterator[tuple[str, str, Objek]]:
        """Give each container, those that run first included, with its part and its name."""
        for bagian, pod in self.pod():
            for k in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]:
                yield bagian, k["name"], k

    def utama(self, bagian: str) -> Objek:
        """Return the container that is named like its part, or an empty one."""
        return next((k for b, n, k in self.kontainer() if b == n == bagian), {})

    def replika(self) -> dict[str, int]:
        """Return how many pods each part has that can be scaled without a volume of its own."""
        return {
            o["metadata"]["name"].removeprefix(f"{RILIS}-"): o["spec"].get("replicas", 1)
            for o in self.jenis("Deployment")
        }

    def setelan(self) -> configparser.ConfigParser:
        """Return the airflow.cfg that the chart writes."""
        isi = configparser.ConfigParser(interpolation=None, strict=False)
        for o in self.jenis("ConfigMap"):
            isi.read_string((o.get("data") or {}).get("airflow.cfg", ""))
        return isi


Periksa = Callable[[Hasil], Iterator[str]]
SEMUA: list[tuple[str, Periksa]] = []


def periksa(judul: str) -> Callable[[Periksa], Periksa]:
    """Add a check; it gives one sentence for each fault."""

    def daftar(fungsi: Periksa) -> Periksa:
        SEMUA.append((judul, fungsi))
        return fungsi

    return daftar


def lingkungan(kontainer: Objek) -> dict[str, Any]:
    """Return a container's variables: the value, or where it is taken from."""
    return {e["name"]: e.get("value", e.get("valueFrom")) for e in kontainer.get("env") or []}


def pasangan(kontainer: Objek, jalan: str) -> list[Objek]:
    """Return what is mounted at a path or below it."""
    semua = kontainer.get("volumeMounts") or []
    return [m for m in semua if m["mountPath"] == jalan or m["mountPath"].startswith(f"{jalan}/")]


def terpilih(pemilih: Objek | None, label: Objek) -> bool:
    """Tell whether a label selector takes these labels (``matchLabels`` only, as in this file)."""
    return pemilih is not None and (pemilih.get("matchLabels") or {}).items() <= label.items()


@periksa("tidak ada job yang membuat pengguna Airflow")
def tanpa_pengguna_bawaan(h: Hasil) -> Iterator[str]:
    """An Admin ``admin``/``admin`` would come with every installation and upgrade."""
    for bagian, nama, k in h.kontainer():
        if "create-user" in bagian or "users create" in json.dumps([k.get("command"), k.get("args")]):
            yield f"{bagian}: kontainer {nama} membuat pengguna. Isi createUserJob.enabled: false."


@periksa("bagian yang ada persis yang dimaksud (tanpa StatsD, Redis, PostgreSQL, Flower)")
def bagian_lengkap(h: Hasil) -> Iterator[str]:
    """The same parts as in docker-compose.yaml, each with its number of replicas."""
    ada = {b for b, _ in h.pod()}
    for b in sorted(ada ^ {*BAGIAN, MIGRASI.removeprefix(f"{RILIS}-")}):
        yield f"{b}: {'tidak diminta' if b in ada else 'tidak ada'}."
    if h.setelan().get("metrics", "statsd_on", fallback="False") == "True":
        yield "airflow.cfg: [metrics] statsd_on = True."


@periksa("slot worker sebanyak yang dibagikan scheduler, waktu berhenti 10 menit")
def jumlah(h: Hasil) -> Iterator[str]:
    """The schedulers give out as many tasks as the workers have slots; what is being posted ends first."""
    replika, cfg = h.replika(), h.setelan()
    slot = replika.get("worker", 0) * cfg.getint("celery", "worker_concurrency", fallback=0)
    dibagikan = replika.get("scheduler", 0) * cfg.getint("core", "parallelism", fallback=0)
    if not slot or dibagikan != slot:
        yield f"scheduler x [core] parallelism = {dibagikan}, worker x worker_concurrency = {slot}."
    if any(b == "worker" and p["spec"].get("terminationGracePeriodSeconds") != 600 for b, p in h.pod()):
        yield "worker: terminationGracePeriodSeconds bukan 600."


@periksa("setiap nilai config: sampai ke airflow.cfg")
def setelan_sampai(h: Hasil) -> Iterator[str]:
    """The chart has settings of its own; ours win."""
    cfg = h.setelan()
    for bagian, isi in h.nilai["config"].items():
        for nama, harus in isi.items():
            if cfg.get(bagian, nama, fallback=None) != harus:
                yield f"[{bagian}] {nama}: {cfg.get(bagian, nama, fallback='tidak ada')!r}, bukan {harus!r}."


@periksa("semua kontainer memakai citra kita")
def citra(h: Hasil) -> Iterator[str]:
    """The one of values.yaml, the ledger's migration included."""
    harus = f"{h.nilai['defaultAirflowRepository']}:{h.nilai['defaultAirflowTag']}"
    for bagian, nama, k in h.kontainer():
        if k["image"] != harus:
            yield f"{bagian}/{nama}: {k['image']}, bukan {harus}."


def diterima(aturan: Objek, label: Objek | None) -> bool:
    """Tell whether a rule lets in a pod of this namespace, or (without labels) some pod of another namespace."""
    for asal in aturan.get("from") or []:
        if label is None and asal.get("namespaceSelector") is not None:
            return True
        if label is not None and "namespaceSelector" not in asal and terpilih(asal.get("podSelector"), label):
            return True
    return False


@periksa("api-server terjangkau oleh semua bagian Airflow dan oleh ingress")
def api_terjangkau(h: Hasil) -> Iterator[str]:
    """A policy without a rule refuses everybody: no task reports, nobody sees the page."""
    semua = dict(h.pod())
    label = semua.get("api-server", {}).get("metadata", {}).get("labels", {})
    polis = [p for p in h.jenis("NetworkPolicy") if terpilih(p["spec"].get("podSelector"), label)]
    if not polis:
        yield "tidak ada NetworkPolicy untuk api-server: siapa pun di kluster menjangkaunya."
        return
    aturan = [
        a
        for p in polis
        for a in p["spec"].get("ingress") or []
        if any(q.get("port") == 8080 for q in a.get("ports") or [{"port": 8080}])
    ]
    for bagian, pod in semua.items():
        if not any(diterima(a, pod["metadata"].get("labels", {})) for a in aturan):
            yield f"{bagian} tidak menjangkau porta 8080. Isi apiServer.networkPolicy.ingress.from."
    if not any(diterima(a, None) for a in aturan):
        yield "ingress (ruang nama lain) tidak menjangkau porta 8080."


@periksa("alamat API eksekusi dan ingress sampai ke layanan api-server")
def alamat(h: Hasil) -> Iterator[str]:
    """The addresses name a service that exists; the ingress has a class, our host and its TLS secret."""
    cfg = h.setelan()
    tujuan = urlsplit(cfg.get("core", "execution_api_server_url", fallback=""))
    layanan = h.satu("Service", tujuan.hostname or "-")
    if tujuan.port not in [p["port"] for p in layanan.get("spec", {}).get("ports", [])]:
        yield f"[core] execution_api_server_url: layanan {tujuan.netloc} tidak ada."
    ingress = [o["spec"] for o in h.jenis("Ingress")]
    if len(ingress) != 1:
        yield f"{len(ingress)} Ingress, bukan satu."
        return
    host = {a["host"] for a in ingress[0]["rules"]}
    if host != {urlsplit(cfg.get("api", "base_url", fallback="")).hostname}:
        yield f"Ingress untuk {host}, bukan untuk [api] base_url."
    if not ingress[0].get("ingressClassName"):
        yield "Ingress tanpa ingressClassName: tanpa kelas bawaan tidak ada yang melayaninya."
    if host != {n for t in ingress[0].get("tls") or [] for n in t["hosts"] if t.get("secretName")}:
        yield "Ingress tanpa TLS."
    ke = {j["backend"]["service"]["name"] for a in ingress[0]["rules"] for j in a["http"]["paths"]}
    if ke != {tujuan.hostname}:
        yield f"Ingress menuju {ke}, bukan {tujuan.hostname}."


@periksa("tidak ada peran yang membuat, mengubah, atau memasuki pod, atau membaca Secret")
def tanpa_peran(h: Hasil) -> Iterator[str]:
    """Whoever may start a pod may mount any Secret of the namespace into it."""
    for o in h.jenis("Role", "ClusterRole"):
        for a in o.get("rules") or []:
            sumber, kata = set(a.get("resources", [])), set(a.get("verbs", []))
            masuk = sumber & {"pods/exec", "pods/attach", "secrets", "*"}
            if masuk or (sumber & {"pods", "jobs"} and kata & BERKUASA):
                yield f"{o['kind']} {o['metadata']['name']}: {sorted(kata)} atas {sorted(sumber)}."


@periksa("tidak ada pod yang membawa token Kubernetes")
def tanpa_token(h: Hasil) -> Iterator[str]:
    """None of the parts asks Kubernetes anything."""
    akun = {o["metadata"]["name"]: o.get("automountServiceAccountToken") for o in h.jenis("ServiceAccount")}
    for bagian, pod in h.pod():
        spec = pod["spec"]
        if spec.get("automountServiceAccountToken", akun.get(spec.get("serviceAccountName"))) is not False:
            yield f"{bagian}: token {spec.get('serviceAccountName', 'default')} terpasang."
        if any(
            "serviceAccountToken" in s
            for v in spec.get("volumes", [])
            for s in v.get("projected", {}).get("sources", [])
        ):
            yield f"{bagian}: token terpasang sebagai volume."


@periksa("buku dimigrasikan sebelum kode baru berjalan")
def migrasi(h: Hasil) -> Iterator[str]:
    """After everything at the first installation, before everything at an upgrade; the ledger before Airflow."""
    job = h.satu("Job", MIGRASI)
    if not job:
        yield f"Job {MIGRASI} tidak ada."
        return
    catatan = job["metadata"].get("annotations") or {}
    kait = {k.strip() for k in catatan.get("helm.sh/hook", "").split(",")}
    if kait != {"post-install", "pre-upgrade"}:
        yield f"kait {sorted(kait)}, bukan post-install dan pre-upgrade (useHelmHooks: false dan jobAnnotations)."
    if catatan.get("helm.sh/hook-delete-policy") != "before-hook-creation,hook-succeeded":
        yield "hook-delete-policy tidak sampai: Job lama menghalangi yang baru."
    spec = job["spec"]["template"]["spec"]
    awal = spec.get("initContainers") or [{}]
    if awal[0].get("command", [])[-2:] != ["buku", "migrasi"]:
        yield "kontainer pertama bukan `ap2t buku migrasi`."
    if not all(p in json.dumps(spec["containers"][0].get("args")) for p in ("db migrate", "pools set ap2t_posting")):
        yield "Job tidak menjalankan `airflow db migrate` dan `airflow pools set ap2t_posting`."


@periksa("alamat pemilik buku hanya pada migrasi buku; kunci token hanya pada api-server dan scheduler")
def kunci(h: Hasil) -> Iterator[str]:
    """Who holds what, as in docker-compose.yaml."""
    for bagian, nama, k in h.kontainer():
        env = lingkungan(k)
        if PEMILIK in json.dumps(k) and (bagian, nama) != (MIGRASI.removeprefix(f"{RILIS}-"), "buku"):
            yield f"{bagian}/{nama} diberi Secret {PEMILIK}."
        if "AIRFLOW__API_AUTH__JWT_SECRET" in env and bagian not in ("api-server", "scheduler"):
            yield f"{bagian}/{nama} diberi kunci token."
        for nilai in env:
            if nilai.startswith("AIRFLOW_CONN_"):
                yield f"{bagian}/{nama} diberi {nilai}."
    for bagian in ("api-server", "scheduler"):
        if "AIRFLOW__API_AUTH__JWT_SECRET" not in lingkungan(h.utama(bagian)):
            yield f"{bagian} tanpa kunci token."
    for o in h.jenis("Secret"):
        yield f"chart membuat Secret {o['metadata']['name']} sendiri."


@periksa("koneksi terpasang sebagai folder, hanya dibaca, pada yang memerlukannya")
def koneksi_folder(h: Hasil) -> Iterator[str]:
    """A file mounted by subPath is never renewed; the page has its own, smaller file; the scheduler none."""
    berkas = json.loads(h.setelan().get("secrets", "backend_kwargs", fallback="{}")).get("berkas", "")
    if berkas != f"{FOLDER_KONEKSI}/koneksi":
        yield f"[secrets] backend_kwargs menunjuk {berkas}, bukan {FOLDER_KONEKSI}/koneksi."
    for bagian, pod in h.pod():
        rahasia = [v["secret"] for v in pod["spec"].get("volumes", []) if v["name"] == "koneksi"]
        harus = [{"key": KONEKSI[bagian], "path": "koneksi"}] if bagian in KONEKSI else []
        if [i for r in rahasia for i in r.get("items", [])] != harus:
            yield f"{bagian}: isi volume koneksi {rahasia}, bukan {harus}."
    for bagian, nama, k in h.kontainer():
        ada = pasangan(k, "/run/secrets")
        if any("subPath" in m or m["mountPath"] != FOLDER_KONEKSI or not m.get("readOnly") for m in ada):
            yield f"{bagian}/{nama}: {ada}."
        if bagian in KONEKSI and nama in (bagian, "buku") and not ada:
            yield f"{bagian}/{nama}: tanpa koneksi."


@periksa("segel hanya dapat ditulis oleh worker")
def segel(h: Hasil) -> Iterator[str]:
    """Seals are written by a task; the page reads them."""
    for bagian, nama, k in h.kontainer():
        for m in pasangan(k, SEGEL):
            if bagian != "worker" and not m.get("readOnly"):
                yield f"{bagian}/{nama} dapat menulis segel."
    for bagian in ("worker", "api-server"):
        if not pasangan(h.utama(bagian), SEGEL):
            yield f"{bagian}: folder segel tidak terpasang."
    if any(m.get("readOnly") for m in pasangan(h.utama("worker"), SEGEL)):
        yield "worker tidak dapat menulis segel."


@periksa("log: satu volume bersama, 90 hari, satu pembersih")
def log(h: Hasil) -> Iterator[str]:
    """Each part would delete what is older than 15 days from the volume that all share."""
    pembersih = [(b, lingkungan(k)) for b, n, k in h.kontainer() if n.endswith("log-groomer")]
    if [(b, e.get("AIRFLOW__LOG_RETENTION_DAYS")) for b, e in pembersih] != [("scheduler", "90")]:
        yield f"pembersih log: {[(b, e.get('AIRFLOW__LOG_RETENTION_DAYS')) for b, e in pembersih]}."
    klaim = h.satu("PersistentVolumeClaim", f"{RILIS}-logs")
    spec = klaim.get("spec", {})
    if not spec.get("storageClassName") or spec.get("accessModes") != ["ReadWriteMany"]:
        yield f"klaim volume log tanpa kelas yang dinamai, atau bukan ReadWriteMany: {spec}."
    if (klaim.get("metadata", {}).get("annotations") or {}).get("helm.sh/resource-policy") != "keep":
        yield "klaim volume log ikut terhapus oleh helm uninstall."
    for bagian in BAGIAN:
        if not pasangan(h.utama(bagian), LOG):
            yield f"{bagian}: volume log tidak terpasang."


@periksa("pod memenuhi Pod Security `restricted`, dan setiap kontainer dibatasi")
def aman(h: Hasil) -> Iterator[str]:
    """Namespaces with such a policy, or with a ResourceQuota, refuse others."""
    for bagian, pod in h.pod():
        luar = pod["spec"].get("securityContext") or {}
        if luar.get("seccompProfile") != {"type": "RuntimeDefault"} or luar.get("runAsNonRoot") is not True:
            yield f"{bagian}: pod tanpa runAsNonRoot atau seccompProfile."
        if bagian in BAGIAN and pod["spec"].get("enableServiceLinks") is not False:
            yield f"{bagian}: enableServiceLinks tidak false."
    for bagian, nama, k in h.kontainer():
        konteks = k.get("securityContext") or {}
        if konteks.get("allowPrivilegeEscalation") is not False or konteks.get("capabilities", {}).get("drop") != [
            "ALL"
        ]:
            yield f"{bagian}/{nama}: securityContext {konteks}."
        if set((k.get("resources") or {}).get("limits", {})) != {"cpu", "memory"}:
            yield f"{bagian}/{nama}: tanpa batas prosesor dan memori."


@periksa("perintah worker dan api-server; gangguan terencana dibatasi di mana ada gunanya")
def perintah(h: Hasil) -> Iterator[str]:
    """No log server beside the shared volume; the access log names people; one replica protects nothing."""
    for bagian, akhir in (("worker", "celery worker --skip-serve-logs"), ("api-server", "api-server --proxy-headers")):
        args = h.utama(bagian).get("args") or [""]
        if not args[-1].endswith(f"exec airflow {akhir}"):
            yield f"{bagian}: {args}."
    if lingkungan(h.utama("api-server")).get("FORWARDED_ALLOW_IPS") != "*":
        yield "api-server: FORWARDED_ALLOW_IPS tidak diisi."
    terencana = [o["spec"] for o in h.jenis("PodDisruptionBudget")]
    pdb = [(s["selector"]["matchLabels"].get("component"), s.get("maxUnavailable")) for s in terencana]
    replika = h.replika()
    if ("worker", 1) not in pdb or any(replika.get(bagian, 1) < 2 for bagian, _ in pdb):
        yield f"PodDisruptionBudget {pdb} dengan replika {replika}."


# --- Rendering ------------------------------------------------------------------------------------------------


def render(chart: helm_python.Chart, nilai: Objek) -> dict[str, str]:
    """Return the manifests by template, without the notes for people."""
    hasil = chart.render(nilai, name=RILIS, namespace=RILIS, is_install=True)
    return {n: t for n, t in hasil.items() if not n.endswith(".txt") and t.strip()}


def objek(manifes: dict[str, str]) -> list[Objek]:
    """Return the objects of all manifests."""
    return [o for t in manifes.values() for o in yaml.safe_load_all(t) if o]


def gabung(dasar: Objek, atas: Objek) -> Objek:
    """Return values with others laid over them, as Helm does: mappings key by key, anything else as a whole."""
    bersama = {
        k: gabung(dasar[k], v) for k, v in atas.items() if isinstance(v, dict) and isinstance(dasar.get(k), dict)
    }
    return {**dasar, **atas, **bersama}


def lain(nilai: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(nilai, bool):
        return not nilai
    return nilai + 1 if isinstance(nilai, int) else f"{nilai}x"


def daun(nilai: Any, jalan: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path to every value that holds no other."""
    isi = nilai.items() if isinstance(nilai, dict) else enumerate(nilai) if isinstance(nilai, list) else ()
    for kunci_, v in isi:
        if isinstance(v, dict | list):
            yield from daun(v, (*jalan, kunci_))
        else:
            yield (*jalan, kunci_)


def ubah(nilai: Objek, jalan: tuple[str | int, ...]) -> Objek:
    """Return the values with one of them changed."""
    hasil: Any = json.loads(json.dumps(nilai))  # each anchor's uses apart
    tempat = hasil
    for langkah in jalan[:-1]:
        tempat = tempat[langkah]
    tempat[jalan[-1]] = lain(tempat[jalan[-1]])
    return hasil  # type: ignore[no-any-return]


def tanpa_pengaruh(chart: helm_python.Chart, nilai: Objek) -> Iterator[str]:
    """Give the values that the chart does not read: changed, they change no object. Refused is read too."""
    semula = render(chart, nilai)
    if render(chart, nilai) != semula:
        yield "chart menghasilkan objek yang lain setiap kali: pengaruh setiap nilai tidak dapat dinilai."
        return
    for jalan in daun(nilai):
        nama = ".".join(str(b) for b in jalan)
        try:
            chart.validate_schema(ubah(nilai, jalan))
            sama = render(chart, ubah(nilai, jalan)) == semula
        except helm_python.HelmError:
            sama = False
        if sama and nama not in WAJAR:
            yield f"{nama} tidak mengubah objek apa pun: chart tidak membacanya."


def jalankan(chart: helm_python.Chart, nilai: Objek, *, pengaruh: bool = True) -> int:
    """Print each check and its faults; return how many checks failed.

    :param pengaruh: look for values without effect too, which renders the chart once for each of them.
    """
    hasil = Hasil(nilai, objek(render(chart, nilai)))
    gagal = 0
    daftar = [*SEMUA, ("setiap nilai mengubah sesuatu", lambda _: tanpa_pengaruh(chart, nilai))]
    if not pengaruh:
        daftar.pop()
    for judul, fungsi in daftar:
        salah = list(fungsi(hasil))
        gagal += bool(salah)
        print(f"[{'SALAH' if salah else 'baik'}] {judul}")
        for kalimat in salah:
            print(f"        {kalimat}")
    print(f"{len(hasil.objek)} objek, {len(daftar)} pemeriksaan, {gagal} gagal.")
    return gagal


def main() -> int:
    """Read the chart's archive and the values, and check."""
    baca = argparse.ArgumentParser(
        description="Render deploy/helm/values.yaml dengan chart Airflow lalu periksa hasilnya."
    )
    baca.add_argument("chart", type=Path, help=f"arsip airflow-{VERSI}.tgz, atau foldernya")
    baca.add_argument(
        "--nilai",
        type=Path,
        nargs="+",
        default=[BAWAAN],
        help="berkas nilai, yang belakangan menang; bawaan values.yaml",
    )
    pilihan = baca.parse_args()
    try:
        with helm_python.Chart.load(pilihan.chart) as chart:
            nilai = reduce(gabung, (yaml.safe_load(b.read_text()) or {} for b in pilihan.nilai))
            print(f"Chart {chart.name} {chart.version}, Helm {helm_python.helm_sdk_version()}.")
            if chart.version != VERSI:
                print(f"PERHATIAN: nilai ini ditulis untuk chart {VERSI}.")
            if not pilihan.chart.is_file() or hashlib.sha256(pilihan.chart.read_bytes()).hexdigest() != SIDIK:
                print(f"PERHATIAN: bukan arsip {VERSI} yang diterbitkan (SHA-256 {SIDIK[:16]}…).")
            chart.validate_schema(nilai)
            return 1 if jalankan(chart, nilai) else 0
    except (helm_python.HelmError, OSError, yaml.YAMLError) as e:
        berkas = ", ".join(map(str, pilihan.nilai))
        print(f"Chart {pilihan.chart} dengan {berkas} tidak dapat dirender: {e}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
