"""The wordings that say whose a detail is: the patterns behind `vptnlp.doxing.features`.

All are matched against folded text (lower case, straight apostrophes).
"""

from __future__ import annotations

import re

PRONOUN = re.compile(
    r"(?<![\w'])(?:(?P<first>ik|mij|me|mijn|mn|m'n|mijne|wij|we|ons|onze)|(?P<second>je|jij|jou|"
    r"jouw|u|uw|gij|ge|uwen|jullie|jw)|"
    r"(?P<third>hij|zij|ze|hem|haar|zijn|z'n|zn|dr|d'r|hun|hen|ie|die|iemand))(?![\w'])"
)
MESSAGE = {
    "msg:second": re.compile(r"(?<!\w)(?:je|jij|jou|jouw|u|uw|gij|ge)(?!\w)"),
    "msg:first": re.compile(r"(?<!\w)(?:ik|mijn|mn|m'n|wij|ons|onze)(?!\w)"),
    "msg:greets": re.compile(
        r"^\W*(?:onderwerp:[^\n]*\n\W*)?(?:beste|geachte|lieve|dag|hoi|hallo|hey|hee|yo|goede\w+|"
        r"mevrouw|meneer|mijnheer|ha|hi|ja)\b"
    ),
    "msg:closes": re.compile(r"(?:groet|hoogachtend|mvg|grtz|liefs|gr\.)[\w ]{0,20}[,.\n]"),
    "msg:quotes": re.compile(r"(?:^|\n)>|\"[^\"]{15,}\""),
    "msg:official": re.compile(
        r"betrokkene|proces-verbaal|notitie|verdachte|verbalisant|overdracht|verslag|aangifte|melding|"
        r"cliënt|rapport|rechtbank heeft|politie bevestigt|collega|beklaagde|dossier"
    ),
    "msg:calls": re.compile(
        r"\b(?:delen|deel dit|allemaal|jongens|mensen|bel (?:hem|haar|ze|m)|ga (?:langs|er)|langsgaan|"
        r"verspreid\w*|doorsturen|app hem|wie weet|wie woont|zoek)\b"
    ),
    "msg:list": re.compile(r"(?:\n[^\n]{3,40}:[^\n]+){2}"),
    "msg:abuse": re.compile(
        r"\b(?:kanker\w*|kk\w*|tering\w*|tyfus\w*|hoer\w*|rat|ratten|slet|teef|mongool\w*|flikker|"
        r"vuile|vieze|smerige|kut\w*|klootzak\w*|landverrader\w*|wout\w*|juten|smeris\w*|heks|trut|"
        r"debiel|lul|nsb\w*|"
        r"zakkenvuller\w*|verrader\w*|tuig|laffe|gluiperd|huichelaar|dikke|rotzak|eikel|sukkel|wijf|"
        r"zielig|schijnheilige?|kop|bek)\b"
    ),
    "msg:reports": re.compile(
        r"\b(?:ontving|ontvangen|kreeg|gekregen|stuurde|schreef|bedreigd\w*|bedreiging\w*|bedreigt|"
        r"aangifte|melden|meld|gemeld|doorgestuurd|screenshots?|lastiggevallen|afzender|letterlijk|"
        r"riep|zie onder|hieronder)\b"
    ),
    "msg:sells": re.compile(
        r"\b(?:aanbieding|korting|offerte|bestel\w*|actie|gratis|afmelden|prijzen|nieuwsbrief|www)\b|"
        r"€"
    ),
    "msg:decides": re.compile(
        r"\b(?:besluit|dwangsom|bezwaar maken|uw aanvraag|opgeroepen|dient u|vordering|termijn|"
        r"deurwaarder|beslag|ingevolge|op grond van|wij verzoeken u|is uitgesteld)\b"
    ),
    "msg:pleads": re.compile(
        r"\b(?:namens (?:mijn )?cliënte?|cliënte?|advocaat|mr\.|appel|verweerschrift|bezwaarschrift|"
        r"voorlopige voorziening|dagvaard\w*)\b"
    ),
    "msg:asks": re.compile(r"\b(?:graag|kunt u|kun je|alstublieft|aub|alvast|zou u|wilt u|kan ik|mag ik|ik wil)\b"),
    "msg:tells_public": re.compile(
        r"\b(?:volgers|jongens|mannen|mensen|ouders|buren|gasten|iedereen|allemaal|broeders)\b"
    ),
    "msg:watches": re.compile(
        r"\b(?:ik zie|wij zien|wij weten|ik weet waar|we weten|zag je|zag u|elke (?:dag|avond|"
        r"ochtend)|volg je|gevolgd|mooie?|leuke?)\b"
    ),
    "msg:condoles": re.compile(r"gecondoleerd|deelneming|sterkte|overleden|begrafenis|uitvaart|rouw\w*|kaars"),
    "msg:voicemail": re.compile(
        r"\beh\b|\bpunt\b[^\n]{0,200}?\bkomma\b|^\W*(?:ja|goede\w+|goeie\w+) (?:\w+ ){0,3}met\b"
    ),
    "msg:threat": re.compile(
        r"\b(?:anders|brand\w*|dood|kapot|kogel|mes|slopen|fik|bloed\w*|pijn|molotov|steek|schiet|"
        r"sla)\b"
    ),
}
CLOSING = re.compile(
    r"(?:^|[\n.!?][ >]{0,8}|, )(?:met )?(?:de )?(?:meeste |vriendelijke |hartelijke |warme |dankbare |"
    r"nodige )*(?:groet(?:en|jes)?|hoogacht\w*|mvg|grtz?|liefs|gr|vr\. ?gr|dank|bedankt|respect|"
    r"x+)(?: van)?[ ,.!\n]"
)
GREETS = re.compile(
    r"(?:^|\n|[.!?] )[>\s]*(?:(?:zeer )?(?:beste|geachte|hooggeachte|lieve|dag|hoi|hallo|hey|hee|"
    r"heey|yo|ja|zeg|ewa|goede\w+|goeie\w+|ha|hi|hello|dushi|aan|zo|edelachtbare|"
    r"mi brada)[ ,]{1,2}){1,2}(?:[\w.'-]+ ){0,3}$"
)
TITLE = re.compile(
    r"(?:meneer|mevrouw|mijnheer|mevr\.?|mw\.?|dhr\.?|heer|mr\.?|dr\.?|dokter|agent\w*|wijkagent|"
    r"hoofdagent|rechter|officier|burgemeester|wethouder|raadslid|commissaris|inspecteur|juf|"
    r"meester|rechercheur|directeur|griffier) $"
)
BEFORE = {
    "cue:introduces": re.compile(
        r"(?:ik ben|ik heet|mijn naam(?: is)?|hier met|hier is|spreekt met|(?:^|\n|ja |hallo |hier |"
        r"goedemiddag |goedemorgen )met|wij zijn|met mij|mijn gegevens:?) (?:de heer |mevrouw |"
        r"meneer )?$"
    ),
    "cue:form": re.compile(
        r"(?:^|[\n.,;/-] ?)(?:naam|adres|woonplaats|wonende|geboren|geb|geboortedatum|tel|telefoon|mobiel|"
        r"mail|e-mail|bsn|iban|rekening|kenteken|paspoort|contact|aanvrager|melder|afzender|mijn gegevens)\.? ?:? $"
    ),
    "cue:voice": re.compile(
        r"^\W*(?:\w+ ){0,7}(?:met|het is|dit is|hier is|ik ben|ben)(?: met)? (?:het |mevrouw |meneer |"
        r"oom |tante |oma )?$"
    ),
    "cue:signs": re.compile(
        r"(?:groet(?:en|jes)?|gr|mvg|grtz?|hoogachtend|hoogachting|liefs|x+|tot (?:straks|zo|dan|"
        r"morgen)|dank|bedankt)(?: van| namens)?[ ,.!\n-]{1,4}(?:(?:mr|ir|dr|drs)\. )?$"
    ),
    "cue:greetings_to": re.compile(r"(?:groet\w*|knuffel|kus|aai|liefs) (?:aan|voor) $"),
    "cue:hails": re.compile(
        r"(?:luister|eraan|dank je|dankjewel|dank|hé|hè|hoor|toch|oke|ok|sorry|zo|nou|zeg|jij|ja|kom|"
        r"lief|meneer|mevrouw|proficiat|gefeliciteerd|gecondoleerd met \w+ \w+,) $"
    ),
    "cue:contact_me": re.compile(
        r"(?:(?:bel|belt|bellen|app|appen|mail|sms|bereik\w*|terugbel\w*|stuur)[^.\n]{0,18}\b(?:mij|"
        r"me|ik|ons)\b|mij[^.\n]{0,22}(?:bereik\w*|bellen|terug\w*)|mijn (?:\w+ )?(?:nummer|mobiel|"
        r"mail\w*|adres|telefoon|gegevens|rekening|bsn|iban|kenteken|paspoort|rijbewijs|email|insta)|"
        r"ik ben bereikbaar|ik woon|wij wonen|ik werk|terug op|reageren|persoonlijk op)[^.\n]{0,25}$"
    ),
    "cue:contact_org": re.compile(
        r"(?:\b(?:kijk op|ga naar|via|bestel|afmelden|aanmelden|meer informatie|info|vragen\?|"
        r"klantenservice|servicedesk|redactie|griffie|secretariaat|balie|meldpunt|pers|factuur|bezoek|"
        r"onze website|openingstijden|volg|voor vragen|"
        r"spoed|telefonisch op|nummer van de|mailen naar|contact opnemen|rekening(?:nummer)? van|"
        r"ten name van|t\.n\.v\.|overmaken|op rekening|bijgeschreven)\b)[^\n]{0,30}$"
    ),
    "cue:lives": re.compile(
        r"(?:woon\w*|woning|adres|verblijv\w+|huis|thuis|optrekje|bewoner\w*|slaap\w*|in de straat|"
        r"portiek)[^.\n]{0,30}$"
    ),
    "cue:called": re.compile(r"(?:heet|heette|genaamd|noemt zich|naam is|op naam van)[ :]{1,2}(?:\w+ )?$"),
    "cue:from": re.compile(r"(?:^|\n)[> ]*(?:van|afzender|from) ?: [^\n]{0,30}$|afzender[^.\n]{0,25}$"),
    "cue:to": re.compile(r"(?:^|\n)[> ]*(?:aan|to|cc|t\.a\.v\.) ?:? [^\n]{0,30}$"),
    "cue:drives": re.compile(r"(?:rijdt|rij|rijden)[^.\n]{0,20}$"),
    "cue:colleague": re.compile(
        r"(?:collega|coll\.|contactpersoon|chauffeur|mentor|docent|bewaarder|buurman|buurvrouw|vriend|"
        r"wijkagent|hoofdagent|met)(?:'s)? $"
    ),
    "cue:party": re.compile(
        r"(?:verdachte|cliënte?|aangever|aangeefster|getuige|slachtoffer|bestuurder|betrokkene|"
        r"appellant|melder|bewoner|man|vrouw|jongen|leerling|patiënt)[^.\n]{0,25}$"
    ),
    "cue:their_number": re.compile(
        r"(?:zijn|haar|zn|z'n|dr|d'r|privé|prive|privénummer|mobiel van|nummer van|hem|haar|m|"
        r"hun)(?: \w+)?[ :.,]{1,3}(?:is |was |op )?$"
    ),
    "cue:about": re.compile(r"(?:tegen|over|door|zaak|brief|aan|bij|met|voor|namens|van) (?:de |het |een )?(?:\w+ )?$"),
    "cue:possessive_first": re.compile(r"(?:mijn|mn|m'n|ons|onze|me) (?:\w+ )?$"),
    "cue:possessive_second": re.compile(r"(?:je|jouw|jou|uw|uwen|jullie) (?:\w+ )?$"),
    "cue:possessive_third": re.compile(r"(?:zijn|haar|hun|zn|z'n|dr|d'r) (?:\w+ )?$"),
    "cue:i_am": re.compile(r"\b(?:ik ben|ik word|ik was|ben ik|word ik)(?: \w+)? $"),
}
AFTER = {
    "then:role": re.compile(r", (?:een )?[a-zà-ÿ-]{4,30}(?:$|[\n.,])"),
    "then:you": re.compile(
        r"[,.!]? ?(?:eh )?(?:jij|je|u|jou|gij|ge|uw|heb je|ben je|hebt u|bent u|wil jij|kun jij|"
        r"zie onder)\b"
    ),
    "then:lives": re.compile(r" (?:woont|heet|rijdt|werkt|denkt|slaapt|zit|moet|gaat|krijgt|wordt|had|heeft|is)\b"),
    "then:here": re.compile(r",? hier\b"),
    "then:verb": re.compile(
        r"(?: \([^)]{1,20}\))? (?:is|was|heeft|had|zegt|zei|krijgt|kreeg|komt|kwam|zit|zat|mag|moet|"
        r"wil|kan|gaat|ging|slaat|durft|wordt|werd|staat|belde|belt|schreef|doet|deed|zong|neemt)\b"
    ),
    "then:quotes": re.compile(r"\s*\n\s*(?:>|van:|-----|op \w+ )"),
    "then:comma_line": re.compile(r"\s*,\s*(?:\n|[a-z])"),
    "then:colon": re.compile(r" ?:"),
}
ROLE_MAILBOX = re.compile(
    r"(?:info|redactie|pers|postbus|tips?|contact|klant\w*|service\w*|bestuur|secretaris\w*|secretariaat|"
    r"penningmeester|griffie|balie|handhaving|veiligheid|mods|regelingen|loket|post|mail|receptie|"
    r"administratie|hulp|help\w*|support|"
    r"meld\w*|aanmeld\w*|inschrijv\w*|verkoop|sales|planning|team\w*|raad|college|gemeente|"
    r"communicatie|webmaster|noreply|no-reply|privacy|fg|ict|it|hr|bezwaar\w*|facturen?|"
    r"facturatie|directie|school|bso|actie|kassa|tickets|bestel\w*)(?:[@.\d-]|$)"
)
