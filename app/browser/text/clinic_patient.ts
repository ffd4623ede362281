/** Finding a patient at the desk, and linking the wallet with the number. */

import { inBoth } from "../core/language";

interface Patient {
  readonly find: string;
  readonly findHow: string;
  readonly number: string;
  readonly numberHint: string;
  readonly did: string;
  readonly didHint: string;
  readonly search: string;
  readonly scan: string;
  readonly scanHow: string;
  readonly camera: string;
  readonly picture: string;
  readonly stop: string;
  readonly looking: string;
  readonly noCamera: string;
  readonly noPicture: string;
  readonly noCode: string;
  readonly otherCode: string;
  readonly otherChain: string;
  readonly badDid: string;
  readonly empty: string;
  readonly both: string;
  readonly chosen: string;
  readonly another: string;
  readonly reference: string;
  readonly read: string;
  readonly link: string;
  readonly linkUnknown: string;
  readonly linkNumber: string;
  readonly linkBegin: string;
  readonly linkWaits: string;
  readonly linkHow: (member: string) => string;
  readonly linkAt: string;
  readonly linkOver: string;
  readonly linked: string;
  readonly numberUnknown: string;
  readonly none: string;
  readonly emergency: string;
  readonly cannotSign: string;
  readonly cannotSignHow: string;
  readonly laterRecord: string;
}

const en: Patient = {
  find: "Find a patient",
  findHow: "Nothing is shown of anybody until there is a ground for it.",
  number: "Number here",
  numberHint: "The patient number at your institution.",
  did: "DID",
  didHint: "Begins with did:ethr: and stands on the patient’s emergency card.",
  search: "Find",
  scan: "Scan the patient’s code",
  scanHow: "With this device’s camera, or from a picture. Neither leaves this device.",
  camera: "Use the camera",
  picture: "Choose a picture",
  stop: "Stop the camera",
  looking: "Hold the code in front of the camera.",
  noCamera: "The camera could not be used. Allow it for this page in the browser, or choose a picture, or type the DID.",
  noPicture: "This file is no picture that can be read. Choose another one, or type the DID.",
  noCode: "No code was found in the picture. Choose a sharper one, or type the DID.",
  otherCode: "This code holds no DID. Ask for the code on the patient’s emergency card.",
  otherChain: "This DID belongs to another network than the one that your institution is part of.",
  badDid: "This is no DID of this network: did:ethr:, the chain’s number and 40 hexadecimal digits.",
  empty: "Type a number or a DID first.",
  both: "Type one of the two, and empty the other: they could be two people’s.",
  chosen: "The patient",
  another: "Another patient",
  reference: "Reference here",
  read: "Read the record",
  link: "Link the patient",
  linkUnknown: "This wallet is not linked to a number here yet. Without a link nothing is asked for and nothing is read.",
  linkNumber: "The patient’s number here",
  linkBegin: "Ask the patient’s wallet",
  linkWaits: "Waiting for the patient’s signature",
  linkHow: (member) => `On the patient’s own device: open the page of ${member}, sign in, choose “Hospitals”, and sign there. It takes ten minutes at most.`,
  linkAt: "The page for patients",
  linkOver: "The time to sign is over. Begin again.",
  linked: "The patient is linked.",
  numberUnknown: "Nobody is linked to this number here. Scan the patient’s code, or type the DID, to link them; an emergency needs the DID as well.",
  none: "Choose a patient first.",
  emergency: "Open the emergency summary",
  cannotSign: "The patient cannot sign now?",
  cannotSignHow: "In an emergency two of you open the summary for emergencies: it needs no link and no consent. The patient is told at once, and a colleague reviews it.",
  laterRecord: "Everything else of the record needs the link and a consent, later.",
};

const zh: Patient = {
  find: "查找患者",
  findHow: "在有正当依据之前，不会显示任何人的任何信息。",
  number: "本机构编号",
  numberHint: "患者在您所在机构的编号。",
  did: "DID",
  didHint: "以 did:ethr: 开头，印在患者的急救卡上。",
  search: "查找",
  scan: "扫描患者的二维码",
  scanHow: "使用本设备的摄像头，或选择一张图片。二者都不会离开本设备。",
  camera: "使用摄像头",
  picture: "选择图片",
  stop: "停止摄像头",
  looking: "请将二维码对准摄像头。",
  noCamera: "无法使用摄像头。请在浏览器中允许本页使用摄像头，或选择图片，或输入 DID。",
  noPicture: "无法读取此文件中的图片。请选择另一张，或输入 DID。",
  noCode: "图片中没有找到二维码。请选择更清晰的图片，或输入 DID。",
  otherCode: "此二维码中没有 DID。请出示患者急救卡上的二维码。",
  otherChain: "此 DID 属于另一个网络，而不是您所在机构加入的网络。",
  badDid: "这不是本网络的 DID：应为 did:ethr:、链编号和 40 位十六进制数字。",
  empty: "请先输入编号或 DID。",
  both: "请只填写其中一项，并清空另一项：两者可能属于不同的人。",
  chosen: "当前患者",
  another: "换一位患者",
  reference: "本机构的引用号",
  read: "读取病历",
  link: "关联患者",
  linkUnknown: "此钱包尚未与本机构的编号关联。没有关联，就不会请求或读取任何内容。",
  linkNumber: "患者在本机构的编号",
  linkBegin: "请患者的钱包签名",
  linkWaits: "正在等待患者签名",
  linkHow: (member) => `请患者在自己的设备上打开${member}的页面，登录，选择“医院”，并在那里签名。最多十分钟。`,
  linkAt: "患者页面",
  linkOver: "签名时间已过。请重新开始。",
  linked: "患者已关联。",
  numberUnknown: "此编号尚未与任何人关联。请扫描患者的二维码或输入 DID 进行关联；紧急开启同样需要 DID。",
  none: "请先选择患者。",
  emergency: "开启急救摘要",
  cannotSign: "患者现在无法签名？",
  cannotSignHow: "紧急情况下，由两位工作人员共同开启急救摘要，无需关联，也无需授权。患者会立即得到通知，并由另一位同事复核。",
  laterRecord: "病历的其他内容需要之后的关联和授权。",
};

export const patient = inBoth(en, zh);
