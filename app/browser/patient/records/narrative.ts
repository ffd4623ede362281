/** A hospital's own XHTML, made harmless by DOMPurify. Loaded when the first narrative is opened. */

import DOMPurify from "dompurify";

/** R4 allows more (images, links, classes): none of it is needed to read, and each may lead out of this page. */
const TAGS = [
  "p", "br", "div", "span", "b", "strong", "i", "em", "u", "small", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "pre",
  "code", "blockquote", "hr", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6",
  "del", "ins", "q", "cite", "abbr",
];

/** Harmless elements; headings become bold lines, as the page has its own order of headings. */
export function harmless(xhtml: string): DocumentFragment {
  const clean = DOMPurify.sanitize(xhtml, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["colspan", "rowspan", "lang", "dir"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const heading of clean.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const line = document.createElement("p");
    const bold = document.createElement("strong");
    bold.append(...heading.childNodes);
    line.append(bold);
    heading.replaceWith(line);
  }
  return clean;
}
