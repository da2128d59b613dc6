import DOMPurify from 'dompurify';

const textTags = 'p br strong em del a code pre blockquote hr ul ol li span img div h3';
const tableTags = 'table thead tbody tr th td';

const config = {
  ALLOWED_TAGS: `${textTags} ${tableTags}`.split(' '),
  ALLOWED_ATTR: 'href title rel target class start align src alt'.split(' '),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpeg|gif|webp|avif);base64,)/i,
  // The pattern above is asked about every attribute that is not named here.
  ADD_URI_SAFE_ATTR: ['rel', 'target', 'start', 'align'],
};

/** The second wall: the renderer already writes no tag of the reply's own, this holds when it errs. */
export function sanitise(html: string): string {
  return DOMPurify.sanitize(html, config);
}
