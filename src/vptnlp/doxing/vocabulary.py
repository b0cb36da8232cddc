"""Closed word lists that several recognisers and ownership share. All entries are in lower case."""

from __future__ import annotations

from vptnlp.doxing.wordset import word_set

TITLES: frozenset[str] = word_set("""
    meneer mevrouw mijnheer heer vrouwe dame mevr mevrauw mefrouw meneertje mevr. mw dhr mr mrs mister miss
    mejuffrouw juffrouw juf juff meester dr drs ir ing prof bc dokter doctor professor pastoor dominee imam
    rabbijn pater broeder zuster frater hoofdagent hoofdagente agent agente agentje wijkagent wijkagente
    inspecteur inspekteur inspektor commissaris hoofdinspecteur brigadier adjudant sergeant rechercheur
    politieagent motoragent korpschef verbalisant rechter kinderrechter politierechter kantonrechter
    jeugdrechter rechter-commissaris raadsheer officier griffier procureur advocaat advocate raadsman raadsvrouw
    deurwaarder notaris curator reclasseringswerker burgemeester wethouder schepen raadslid gemeenteraadslid
    statenlid kamerlid minister staatssecretaris fractievoorzitter raadslid voorzitter directeur directrice
    manager teamleider teamleidster coördinator coordinator ambtenaar consulent consulente klantmanager
    casemanager jobcoach woonconsulent toezichthouder handhaver boa parkeerwachter bode secretaris secretaresse
    wachtcommandant bewaarder pi-er pibber chef baas commandant majoor kapitein luitenant kolonel journalist
    journaliste redacteur hoofdredacteur hoofdredactrice columnist columniste verslaggever verslaggeefster
    fotograaf cameraman presentator mentor docent docente leraar lerares conrector rector huisarts arts
    specialist verpleegkundige verpleger chirurg psycholoog psychiater therapeut apotheker ambulancebroeder
    brandweerman bevelvoerder conducteur conductrice machinist chauffeur buschauffeur controleur steward collega
    collegae coll buurman buurvrouw buur oma opa tante oom appellant verdachte aangever aangeefster getuige
    slachtoffer cliënt cliente client cliënte patiënt patient bewoner bewoonster huurder leerling student
    stagiair stagiaire trainer coach scheids scheidsrechter koster gezinsvoogd voogd jeugdbeschermer
    gezinsvoogdes tolk makelaar huismeester wijkbeheerder beheerder conciërge weduwe familie fam sheriff sherif
    prins prinses koning koningin paus sint sinterklaas zwager meneerke madam madame monsieur mademoiselle señor
    señora signor pan pani bro broeder sister kameraad mattie medewerker medewerkster gemachtigde ouderling
    diaken trambestuurder treinconducteur hoofdconducteur hulpofficier kapitein griffiemedewerker
    procureur-generaal substituut arrestant veroordeelde pleger dader gezin beveiliger verzorgende begeleider
    begeleidster mevrou mevrouwtje toezichthoudster afzender leidster trainster loodgieter monteur groepsleider
    jeugdwerker wijkverpleegkundige
""")
"""Titles, offices and roles that stand before a name."""

STRONG_TITLES: frozenset[str] = word_set("""
    mevrou meneer mevrouw mijnheer heer mevr mevrauw mefrouw mw dhr mejuffrouw juffrouw juf wijkagent hoofdagent
    rechter wethouder burgemeester raadslid commissaris inspecteur
""")
"""Titles after which even an unknown word in lower case may be a name."""

GREETINGS: frozenset[str] = word_set("""
    beste geachte lieve liefste dag hoi hallo hey hee hé heey heej hej hi hai ha haha yo jo ewa ey eyy salut
    hooggeachte waarde dear goedemorgen goedemiddag goedenavond goeiemorgen goeiemiddag goeienavond goedendag
    goeiendag goedenacht goeienacht dushi moi moin aju hé, hoihoi hola selam salam dagdag zeg hè oi allo bonjour
    weledele weledelgestrenge edelachtbare gewaardeerde best heeeey bedankt dank dankjewel dankuwel thanks thnx
    sorry proficiat gefeliciteerd gecondoleerd welkom succes sterkte beterschap ola morgen bo tabé fa odi mi swa
    broer gast luister kom wow
""")
"""Words that open a message and stand before the name of the reader."""

ROLE_WORDS: frozenset[str] = word_set("""
    redactie college raad collega collega's commissie bestuur griffie rechtbank team allemaal allen iedereen
    mensen buren buurt bewoners bewoner ouders ouder inkoper lezer lezers medewerker medewerkers klant klanten
    leden lid kinderen kids jongens meiden meisje meid dames dame heren heer mevrouw meneer mijnheer vrienden
    vriend vriendin man vrouw schat lieverd luitjes gasten gemeente politie wijkteam afdeling organisatie
    directie klachtencommissie ombudsman deurwaarder fractie projectleider huurders huurder relatie ondernemer
    ondernemers inwoner inwoners burger burgers vrijwilligers deelnemers reizigers reiziger passagier abonnee
    volgers kijkers groep klas school secretariaat administratie receptie balie servicedesk helpdesk
    integriteitscoördinator vertrouwenspersoon beveiliging crisisdienst hulpdienst ambulancemensen secretaris
    voorzitter officier rechter wethouder burgemeester agent agenten advocaat juf meester juffrouw dokter
    meldkamer recherche handhaving vergunningen burgerzaken jeugdzorg evenementen buurman buurvrouw partij
    partijen student studenten sollicitant hoofdagent agentje griffier wijkagent commissaris inspecteur
    coördinator teamleider chef baas bro broer gast mattie vent maat gappie oma opa mam pap mama papa moeder
    vader zus jullie jij jou je u
""")
"""Whom a greeting may address instead of a name."""

CAPITALISED: frozenset[str] = word_set("""
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april mei juni juli
    augustus september oktober november december nederland nederlands nederlandse nederlander nederlanders
    belgië belgisch belgische vlaanderen vlaams vlaamse europa europees europese turkije turks turkse turk
    marokko marokkaan marokkaans marokkaanse marokkanen suriname surinaams surinaamse duitsland duits duitse
    duitser frankrijk frans franse engeland engels engelse polen pools poolse pool syrië syrisch syrische syriër
    afghanistan irak iran oekraïne rusland russisch china chinees chinese amerika amerikaans amerikaanse afrika
    afrikaans antillen antilliaans curaçao aruba balkan spanje spaans spaanse italië italiaans islam moslim
    moslims christen christelijk christelijke joods joodse jood katholiek god allah jezus kerst kerstmis pasen
    pinksteren hemelvaart ramadan sinterklaas koningsdag bevrijdingsdag whatsapp facebook instagram insta
    telegram signal snapchat tiktok twitter youtube google marktplaats linkedin discord twitch teams outlook
    excel word windows iphone samsung apple spotify netflix digid digi politie gemeente rechtbank om ggd uwv svb
    cjib ind coa ggz rivm kvk azc nvwa dji pi ov ns gvb ret htm npo nos rtl ad nrc tv pvv vvd d66 cda groenlinks
    sp pvda fvd bbb ajax feyenoord psv twente utrecht vitesse oranje eredivisie champions league bonaparte staat
    ministerie minister kamer raad college bijlage bijlagen onderwerp betreft re fw fwd van aan cc datum adres
    naam telefoon tel mail email e-mail geboortedatum geslacht iban bsn rekening kenteken bedrag omschrijving
    verzonden ontvangen wet wetboek sr sv bw awb apv avg wob woo eu vn navo btw de het een dit dat die deze er
    hier daar en of maar want dus als toen dan nu ook nog niet geen wel ja nee oké oke ok ik je jij u hij zij ze
    we wij jullie hun mijn jouw uw zijn haar ons onze wie wat waar waarom wanneer hoe welke met zonder op in bij
    voor na tot uit over onder door tegen naar om te is was heb heeft had ben bent zal zou kan kun kunnen moet
    moeten mag wil gaat ga graag groet groeten groetjes vriendelijke hoogachtend dank bedankt alvast beste
    geachte lieve dag hallo hoi goedemorgen goedemiddag goedenavond laatste eerste tweede derde nieuwe oude
    morgen gisteren vandaag vanavond vanmiddag vanmorgen vannacht straks verder daarna intussen inmiddels
    tenslotte namens volgens sinds vanaf tijdens omdat hoewel zodat zodra terwijl indien alleen zelfs misschien
    natuurlijk eigenlijk helaas gelukkig binnen binnenkort elke alle alles iedereen niemand iemand niks niets
    iets veel weinig meer minder drie twee vier vijf zes zeven acht negen tien bel mail app stuur kom kijk zie
    doe laat zet geef neem denk weet vind hoor lees ga vraag verzoek bericht brief klacht bezwaar melding
    aangifte zaak dossier besluit vergunning boete bon laan straat plein weg school basisschool kerk moskee
    station centrum noord zuid oost west links rechts
""")
"""Words that carry a capital without being a name of a person."""

FUNCTION_WORDS: frozenset[str] = word_set("""
    de het een dit dat die deze er hier daar en of maar want dus als toen dan nu ook nog niet geen wel ja nee
    oké oke ok ik je jij u hij zij ze we wij jullie hun mijn jouw uw zijn haar ons onze mij me wie wat waar
    waarom wanneer hoe welke met zonder op in bij voor na tot uit over onder door tegen naar om te is was heb
    heeft had hebt hebben ben bent zal zou kan kun kunnen moet moeten mag wil wilt gaat ga gaan eh ehm uh van
    aan al alle alles iedereen niemand iemand niks niets iets veel weinig meer minder zo heel erg even toch
    gewoon maar eens weer steeds altijd nooit vaak soms hem haar zich zelf agent rechter officier wethouder
    burgemeester commissaris voorzitter president directeur alstublieft aub bedankt dank hallo hoi goedemorgen
    goedemiddag kom kijk luister graag sorry thuis vandaag morgen gisteren straks zeg zegt zei doet doe laat
    liet staat stond zit zat ligt lag komt kwam ging belt belde schrijft schreef vindt vond weet wist ziet zag
    heet heette
""")
"""Words that are never a name in lower case."""

ORGANISATION_WORDS: frozenset[str] = word_set("""
    sint st gemeente team stichting vereniging club fc sv vv bv nv vof café cafe restaurant bakkerij slagerij
    garage hotel school basisschool kinderopvang kdv crèche bso college lyceum huize ziekenhuis kliniek
    zorgcentrum zwembad sporthal hockeyclub tennisclub voetbalclub politie rechtbank provincie regio partij
    fractie bedrijf firma bouwmarkt supermarkt winkel kapsalon tandartspraktijk praktijk kantoor advocaten
    project operatie stad dorp wijk station bureau huis villa flat camping boerderij kwekerij muziekschool
    dansschool scouting manege festival straat plein laan weg park studio radio krant blad magazine manege kerk
    moskee parochie jeugdhonk buurthuis wijkcentrum dorpshuis zaal restaurant eetcafé snackbar album track film
    serie boek
""")
"""Words before the name of an organisation, place or work."""
