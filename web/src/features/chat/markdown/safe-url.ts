const linkSchemes = new Set(['http:', 'https:', 'mailto:']);
/** Raster only: an SVG is a document that can carry scripts. */
const inlineImage = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[a-z\d+/]+=*$/i;

/** The address when a click on it is harmless, else null. Relative ones are refused: a reply has no page of its own. */
export function safeLink(href: string): string | null {
  const url = URL.parse(href.trim());
  return url !== null && linkSchemes.has(url.protocol) ? url.href : null;
}

export function isHttps(href: string): boolean {
  return URL.parse(href.trim())?.protocol === 'https:';
}

/** A picture that is drawn at once, as it asks no other server and so tells nobody that it was seen. */
export function isInlineImage(href: string): boolean {
  return inlineImage.test(href.trim());
}
