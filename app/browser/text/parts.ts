/** What the parts of every page say: tables, dialogs, progress. */

import { inBoth } from "../core/language";

interface Parts {
  readonly close: string;
  readonly cancel: string;
  readonly previous: string;
  readonly next: string;
  readonly rows: (first: number, last: number, of: number) => string;
  readonly paging: string;
  readonly loading: string;
  readonly details: string;
  /** What says more of it, in brackets. */
  readonly bracketed: (words: string, more: string) => string;
  readonly joined: (words: string, more: string) => string;
}

const en: Parts = {
  close: "Close",
  cancel: "Cancel",
  previous: "Previous",
  next: "Next",
  rows: (first, last, of) => `${first} – ${last} of ${of}`,
  paging: "Pages of this table",
  loading: "Loading…",
  details: "Details",
  bracketed: (words, more) => `${words} (${more})`,
  joined: (words, more) => `${words}, ${more}`,
};

const zh: Parts = {
  close: "关闭",
  cancel: "取消",
  previous: "上一页",
  next: "下一页",
  rows: (first, last, of) => `第 ${first} – ${last} 项，共 ${of} 项`,
  paging: "表格翻页",
  loading: "正在载入……",
  details: "详情",
  bracketed: (words, more) => `${words}（${more}）`,
  joined: (words, more) => `${words}，${more}`,
};

export const parts = inBoth(en, zh);
