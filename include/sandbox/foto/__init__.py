"""The demo's photos: a meter drawn as SVG from what its address says, served over HTTP."""
