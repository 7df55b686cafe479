// Who was looked at: marked at once on the screen, told to the server a few at a time, and again where that fails.

import { useEffect, useState } from "../../pustaka/preact.js";
import { kirim } from "../api.js";
import { useDraf } from "../draf.js";
import { useKonteks } from "../konteks.js";

const TUNDA = 700; // milliseconds without another mark
const SEKALI = 100;
const LAGI = 3000;

/**
 * The marks of a session: `ada(row)`, `tandai(idpel)`, `tercatat(idpel)` (the server knows already), `tertunda` (how many are not told yet), `galat`.
 *
 * What is not told survives a reload of this tab. A refusal for good is shown, and those marks are taken back. Where
 * nothing may be marked (any more) none is waiting.
 */
export function useTanda(nomor, boleh) {
  const { saya } = useKonteks();
  const [{ antre }, ubah] = useDraf(saya.username, `dilihat:${nomor}`, { antre: [] });
  const [sudah, setSudah] = useState(() => new Set(boleh ? antre : []));
  const [galat, setGalat] = useState(null);
  const [coba, setCoba] = useState(0);
  useEffect(() => {
    if (!antre.length) return undefined;
    if (!boleh) {
      ubah({ antre: [] });
      setSudah((lama) => new Set([...lama].filter((satu) => !antre.includes(satu))));
      return undefined;
    }
    let hidup = true;
    let nanti = 0;
    const bagian = antre.slice(0, SEKALI);
    const lepas = () => ubah(({ antre: kini }) => ({ antre: kini.filter((satu) => !bagian.includes(satu)) }));
    async function simpan() {
      try {
        await kirim(`sesi/${encodeURIComponent(nomor)}/dilihat`, { idpel: bagian });
        setGalat(null);
        lepas();
      } catch (salah) {
        setGalat(salah);
        if (salah.sementara || salah.status === 401 || salah.status >= 500) nanti = hidup ? setTimeout(() => setCoba((kali) => kali + 1), salah.tunggu ?? LAGI) : 0;
        else {
          lepas();
          setSudah((lama) => new Set([...lama].filter((satu) => !bagian.includes(satu))));
        }
      }
    }
    const pewaktu = setTimeout(simpan, antre.length >= SEKALI ? 0 : TUNDA);
    return () => {
      hidup = false;
      clearTimeout(pewaktu);
      clearTimeout(nanti);
    };
  }, [antre.join(), boleh, coba]);
  return {
    boleh,
    galat,
    tertunda: antre.length,
    ada: (baris) => Boolean(baris.dilihat) || sudah.has(baris.idpel),
    tercatat: (idpel) => setSudah((lama) => new Set(lama).add(idpel)),
    tandai(idpel) {
      if (!boleh || sudah.has(idpel)) return;
      setSudah((lama) => new Set(lama).add(idpel));
      ubah(({ antre: kini }) => ({ antre: kini.includes(idpel) ? kini : [...kini, idpel] }));
    },
  };
}
