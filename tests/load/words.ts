import { oneOf, type Random } from './random.ts';

/** Of a language, because counting tokens of made-up words takes eight times as long. */
const words = `
  a about above across act add after again age air all almost along already also always among an and animal another answer any are area arm around art
  ask at autumn away back bad ball bank base be bear beat beauty because bed been before began behind being believe below best better between big bird
  black blood blue board boat body bone book both bottom box bread bring brother build business but by call came can car care carry case cause centre
  certain change charge chief child church city class clean clear close cloud coast cold colour come common company complete contain control cook corn
  cost could country course cover cow create cross crowd cry cup cut dance dark day deal decide deep degree develop did differ direct distance do does
  dog done door doubt down draw dream dress drive dry during each early earth ease east eat edge effect egg eight either electric element else end
  energy engine enough enter equal even evening ever every example expect eye face fact fall family famous far farm fast father fear feel feet few field
  fight figure fill final find fine finger finish fire first fish fit five flat floor flow flower fly follow food foot for force forest form forward
  four free fresh friend from front fruit full game garden gave general gentle get girl give glad glass go gold gone good got govern grand grass great
  green ground group grow guess had hair half hand happen happy hard has hat have he head hear heart heat heavy held help her here high hill him his
  history hold hole home hope horse hot hour house how huge human hundred hunt idea if imagine in inch industry instant iron is island it job join jump
  just keep key kind king knew know lady lake land language large last late laugh law lay lead learn least leave left leg length less let letter level
  lie life lift light like line liquid list listen little live long look lost lot loud love low machine made main major make man many map mark market
  master material matter may me mean meat meet method middle might mile milk million mind mine minute miss modern money month moon more morning most
  mother motion mountain mouth move much music must my name nation nature near neck need neighbour never new next night nine no noise noon nor north
  nose note nothing notice noun now number object ocean of off office often oil old on once one only open or order other our out over own oxygen page
  paint pair paper parent part party pass past path pattern pay people perhaps period person picture piece place plain plan planet plant play please
  point poor port position possible power practice press pretty print probable problem process produce property prove provide pull push put quart
  question quick quiet quite race radio rail rain raise ran range rather reach read ready real reason receive record red region remember repeat reply
  represent rest result rich ride right ring rise river road rock roll room root rope rose round row rule run safe said sail salt same sand sat save saw
  say scale school science score sea search season seat second section see seed seem select self sell send sense sentence separate serve set settle
  seven several shall shape share sharp she sheet shell shine ship shoe shop shore short should shoulder shout show side sight sign silent silver
  similar simple since sing single sister sit six size skill skin sky sleep slip slow small smell smile snow so soft soil soldier solution some son song
  soon sound south space speak special speech speed spell spend spoke spot spread spring square stand star start state station stay steam steel step
  stick still stone stood stop store story straight strange stream street stretch string strong student study subject substance success such sudden
  sugar suggest suit summer sun supply support sure surface surprise swim table tail take talk tall teach team tell temperature ten term test than thank
  that the their them then there these they thick thin thing think third this those though thought thousand three through throw thus tie time tiny to
  together told tone too took tool top total touch toward town track trade train travel tree triangle trip trouble truck true try turn twenty two type
  under unit until up us use usual valley value various very view village visit voice vowel wait walk wall want war warm was wash watch water wave way
  we wear weather week weight well went were west what wheel when where whether which while white who whole whose why wide wife wild will win wind
  window wing winter wire wish with woman wonder wood word work world would write wrong yard year yellow yes yet you young your
`
  .trim()
  .split(/\s+/);

export function wordOf(random: Random): string {
  return oneOf(random, words);
}

export function textOf(random: Random, chars: number): string {
  let text = wordOf(random);
  while (text.length < chars) text += ` ${wordOf(random)}`;
  return text;
}
