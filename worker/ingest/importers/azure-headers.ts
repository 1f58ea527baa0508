/**
 * What Azure calls its columns: our word on the left, and on the right the names seen for it, the best first, as
 * `plainName` makes them. English names: learn.microsoft.com, cost-management-billing/dataset-schema (EA, MCA, CSP,
 * pay-as-you-go) and the CSV column names of the EA portal's reports, read 2026-11.
 */
const NAMES: Record<string, readonly string[]> = {
  date: ['date', 'usagedatetime', 'usagedate', 'chargedate'],
  month: ['month'],
  day: ['day'],
  cost: ['costinbillingcurrency', 'pretaxcost', 'cost', 'extendedcost'],
  costInUsd: ['costinusd', 'costusd'],
  costInPricingCurrency: ['costinpricingcurrency'],
  pricingCurrency: ['pricingcurrency', 'pricingcurrencycode'],
  exchangeRate: ['exchangeratepricingtobilling', 'exchangerate'],
  list: ['paygcostinbillingcurrency'],
  listInUsd: ['paygcostinusd'],
  currency: ['billingcurrency', 'billingcurrencycode', 'currency', 'currencycode'],
  billingAccount: ['billingaccountid', 'enrollmentnumber', 'billingaccountname'],
  account: ['subscriptionguid', 'subscriptionid', 'subscriptionname'],
  periodStart: ['billingperiodstartdate', 'billingperiod'],
  periodEnd: ['billingperiodenddate'],
  meterId: ['meterid', 'resourceguid'],
  meterName: ['metername'],
  meterCategory: ['metercategory'],
  meterSubCategory: ['metersubcategory'],
  product: ['productname', 'product'],
  partNumber: ['partnumber'],
  service: ['consumedservice', 'servicename', 'servicefamily'],
  region: ['resourcelocation', 'location', 'meterregion'],
  quantity: ['quantity', 'usagequantity', 'consumedquantity'],
  unit: ['unitofmeasure', 'unit'],
  chargeType: ['chargetype'],
  pricingModel: ['pricingmodel'],
  reservation: ['reservationid', 'benefitid'],
  tags: ['tags'],
  info: ['additionalinfo'],
  provider: ['provider'],
}

/**
 * Names in other languages that stand without the English one. An export of a localised portal writes both, such as
 * "Abonnement-GUID (SubscriptionGuid)" (kubecost/kubecost#1526), which `plainName` reads in any language; the German
 * names here are from that file. The others are from the translated documentation of the EA portal's report
 * (MicrosoftDocs, ea-portal-rest-apis); no file that has them was at hand.
 */
const TRANSLATED: Record<string, readonly string[]> = {
  date: ['datum', 'fecha', 'data', '日付'],
  month: ['monat', 'mes', 'mois', 'mese'],
  day: ['día', 'jour', 'giorno', '日'],
  cost: ['kosten', 'costo', 'coste', 'coût', 'コスト'],
  currency: ['währung', 'moneda', 'devise', 'codedevise', 'códigodedivisa', 'valuta', 'codicevaluta', '通貨コード'],
  account: ['abonnementguid', 'nombredelasuscripción', 'nomdabonnement', 'nomesottoscrizione', 'サブスクリプション名'],
  meterId: ['idderverbrauchseinheit', 'iddemedidor', 'iddelmedidor', 'idducompteur', 'idmisuratore', '測定id'],
  meterName: ['namederverbrauchseinheit', 'nombredemedidor', 'nomducompteur', 'nomemisuratore', '測定名'],
  meterCategory: [
    ...['kategoriederverbrauchseinheit', 'categoríademedidor', 'catégorieducompteur'],
    ...['categoriamisuratore', '測定カテゴリ'],
  ],
  meterSubCategory: [
    ...['unterkategoriederverbrauchseinheit', 'subcategoríademedidor', 'souscatégorieducompteur'],
    ...['sottocategoriamisuratore', '測定サブカテゴリ'],
  ],
  product: ['producto', 'produit', 'prodotto'],
  service: ['genutzterdienst', 'servicioconsumido', 'serviceconsommé', 'servizioutilizzato', '使用サービス'],
  region: ['ressourcenstandort', 'ubicacióndelrecurso', 'emplacementdelaressource', 'percorsodellarisorsa'],
  quantity: ['cantidadconsumida', 'quantitéconsommée', 'quantitàconsumata', 'consumed'],
  unit: ['maßeinheit', 'unidaddemedida', 'unitédemesure', 'unitàdimisura', '計算単位'],
  tags: ['etiquetas', 'balises', 'tag'],
  info: ['zusätzlicheinformationen', 'informaciónadicional', 'informationssupplémentaires', '追加情報'],
}

/** Our word and its rank for each name. */
const WORDS = new Map<string, { word: string; rank: number }>()
for (const table of [NAMES, TRANSLATED])
  for (const [word, names] of Object.entries(table))
    names.forEach((name, rank) => {
      if (!WORDS.has(name)) WORDS.set(name, { word, rank: table === NAMES ? rank : rank + 100 })
    })

/** A column's name without case, blanks and marks; the English one in "Kosten (Cost)". */
export function plainName(name: string): string {
  const english = /\(([A-Za-z][A-Za-z0-9 _-]{2,60})\)\s*$/.exec(name)?.[1]
  const plain = english && !/^[A-Z]{3}$/.test(english) ? english : name
  return plain
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.:'’-]+/g, '')
}

/** Our word for each column, '' for those that nobody asks for: of several that mean the same, the best has it. */
export function azureNames(header: readonly string[]): string[] {
  const found = header.map((name) => WORDS.get(plainName(name)))
  const best = new Map<string, number>()
  found.forEach((meant, index) => {
    if (!meant) return
    const rank = found[best.get(meant.word) ?? -1]?.rank ?? Number.POSITIVE_INFINITY
    if (meant.rank < rank) best.set(meant.word, index)
  })
  return found.map((meant, index) => (meant && best.get(meant.word) === index ? meant.word : ''))
}

/**
 * Whether columns are those of an Azure cost file: a date, an amount, and what only Azure has (a meter or a consumed
 * service; or the cost analysis page's pair of Cost and CostUSD).
 */
export function isAzureHeader(names: readonly string[]): boolean {
  const has = (word: string) => names.includes(word)
  const isMetered = has('meterCategory') || has('meterId') || has('meterName')
  const isAnalysis = has('cost') && has('costInUsd') && has('currency')
  return has('date') && (has('cost') || has('costInUsd')) && (isMetered || isAnalysis)
}
