// What the page uses of Preact and htm; `make pustaka-js` bundles it.
export { createContext, Fragment, h, render } from "preact";
export { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { h } from "preact";
export const html = htm.bind(h);
