"""Invented press texts in four languages, for measuring likeness: each with an edited copy, a rewrite and a sibling.

A copy is what another paper prints of the same agency text; a rewrite tells the same news in words of its own; a sibling
is another story that follows the same pattern. Every firm, place of work and event is invented.
"""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    """A text, words that an editor exchanged in it (old, new), its rewrite and its sibling."""

    lang: str
    text: str
    edits: tuple[tuple[str, str], ...]
    rewrite: str
    sibling: str


STORIES = (
    Story("en", "Kastelmont will close its bakery in Lindenberg by the end of March, the firm told staff on Tuesday. The site employs 140 people. Unions called the decision a shock and asked for talks about early retirement and transfers to the plant in Oosterdal.",
          (("told staff", "informed workers"), ("a shock", "brutal")),
          "Some 140 workers at a Lindenberg bakery learned this week that their jobs end next spring. Kastelmont wants to move production elsewhere, and labour representatives demand negotiations on pensions and on other posts inside the group.",
          "Verdanova will open a laboratory in Maasveld by the end of June, the firm told investors on Friday. The site will employ 60 people. The mayor called the decision a gift and promised a new bus line from the station to the science park."),
    Story("en", "Drivers at the parcel service Snelpost stopped work for two hours on Monday morning in protest at new delivery targets. Management said that parcels would arrive a day late at most and that it would meet the works council on Thursday.",
          (("stopped work", "walked out"), ("at most", "at worst")),
          "A brief walkout hit Snelpost at the start of the week: couriers are angry about the number of stops they must make. The company expects only small delays and has invited employee representatives to a meeting.",
          "Nurses at the clinic group Heliodal stopped work for one day on Wednesday in protest at new shift plans. Management said that urgent operations would go ahead as planned and that it would publish another plan before the summer."),
    Story("en", "For the third year in a row the software house Brightwell tops the list of the best employers with fewer than 500 people. Staff praised the four-day week, open books on pay and the fact that managers are chosen by their teams.",
          (("tops the list", "leads the ranking"), ("open books", "transparency")),
          "Employees of Brightwell like working four days and knowing what colleagues earn. Again this year that earned the small technology company first place among places to work, ahead of two consultancies.",
          "For the first time in ten years the retailer Marktplein drops out of the list of the best employers with more than 500 people. Staff criticised the Sunday shifts, closed doors on training and the fact that bonuses are paid late."),
    Story("en", "The labour court in Veldstad ruled on Wednesday that Ironbrook must pay overtime to 320 warehouse workers for the years since 2021. The company had argued that breaks were part of the agreed hours. It may still appeal within a month.",
          (("ruled on Wednesday", "decided on Wednesday"), ("may still appeal", "can still appeal")),
          "Ironbrook lost a case about unpaid hours. Judges in Veldstad side with hundreds of people from its depot who claimed money for pauses that were never granted; an appeal remains possible until next month.",
          "The commercial court in Zonhaven ruled on Monday that Palewater must return deposits to 90 former tenants for the flats sold since 2019. The landlord had argued that repairs were part of the agreed price. It has already appealed to a higher chamber."),
    Story("en", "Anyone who starts at the energy firm Noordlicht now gets a letter written by a colleague who has just finished the first year. The idea came from an apprentice, costs almost nothing and has halved the number of people who leave within six months.",
          (("costs almost nothing", "costs next to nothing"), ("has halved", "halved")),
          "New recruits leave Noordlicht far less often since junior staff began welcoming them by post. A trainee proposed the personal notes, which hardly need any budget, according to the human resources team.",
          "Anyone who leaves the insurance firm Zuiderlicht now gets a call made by a director who has just read the file. The idea came from a consultant, takes ten minutes and has doubled the number of people who would come back within six years."),
    Story("nl", "Kastelmont sluit eind maart zijn bakkerij in Lindenberg, zo vernam het personeel dinsdag. Op de site werken 140 mensen. De vakbonden noemen de beslissing een schok en vragen overleg over vervroegd pensioen en overplaatsingen naar de fabriek in Oosterdal.",
          (("zo vernam het personeel", "zo kreeg het personeel te horen"), ("een schok", "brutaal")),
          "In Lindenberg verliezen straks 140 arbeiders hun job omdat broodproducent Kastelmont de productie elders onderbrengt. Vertegenwoordigers van de werknemers willen onderhandelen over eindeloopbaan en ander werk binnen de groep.",
          "Verdanova opent eind juni zijn laboratorium in Maasveld, zo vernam de pers vrijdag. Op de site komen 60 mensen. De burgemeester noemt de beslissing een geschenk en belooft een nieuwe bus van het station naar het wetenschapspark."),
    Story("nl", "Chauffeurs van pakjesdienst Snelpost legden maandagochtend twee uur het werk neer uit protest tegen nieuwe doelstellingen. Volgens de directie komen pakjes hoogstens een dag later aan en volgt donderdag overleg met de ondernemingsraad.",
          (("legden maandagochtend twee uur", "hebben maandagochtend twee uur"), ("hoogstens", "maximaal")),
          "Bij Snelpost is het aan het begin van de week even stil geweest. Koeriers vinden dat ze te veel adressen moeten bedienen. Het bedrijf verwacht weinig hinder en nodigt de personeelsafgevaardigden uit.",
          "Verpleegkundigen van ziekenhuisgroep Heliodal legden woensdag een dag het werk neer uit protest tegen nieuwe roosters. Volgens de directie gaan dringende ingrepen gewoon door en volgt voor de zomer een ander voorstel."),
    Story("nl", "Voor het derde jaar op rij staat softwarehuis Brightwell bovenaan de lijst van beste werkgevers met minder dan 500 mensen. Medewerkers loven de vierdagenweek, de openheid over lonen en het feit dat teams hun leidinggevende zelf kiezen.",
          (("staat", "prijkt"), ("loven", "prijzen")),
          "Vier dagen werken en weten wat je collega verdient: het personeel van Brightwell is er blij mee. Het kleine technologiebedrijf wint daarom opnieuw de prijs voor aangename werkplekken, vóór twee adviesbureaus.",
          "Voor het eerst in tien jaar verdwijnt winkelketen Marktplein uit de lijst van beste werkgevers met meer dan 500 mensen. Medewerkers hekelen de zondagsdiensten, het gebrek aan opleiding en het feit dat premies te laat komen."),
    Story("nl", "De arbeidsrechtbank van Veldstad oordeelde woensdag dat Ironbrook overuren moet betalen aan 320 magazijniers voor de jaren sinds 2021. Volgens het bedrijf waren pauzes deel van de afgesproken uren. Beroep is nog een maand mogelijk.",
          (("oordeelde woensdag", "besliste woensdag"), ("nog een maand", "nog dertig dagen")),
          "Ironbrook verliest een zaak over niet betaalde tijd. De rechters geven honderden mensen uit het depot gelijk die geld eisten voor pauzes die ze nooit kregen; de firma kan het vonnis nog aanvechten.",
          "De ondernemingsrechtbank van Zonhaven oordeelde maandag dat Palewater waarborgen moet terugbetalen aan 90 huurders voor de flats sinds 2019. Volgens de eigenaar waren herstellingen deel van de afgesproken prijs. Beroep werd al ingediend."),
    Story("nl", "Wie begint bij energiebedrijf Noordlicht krijgt voortaan een brief van een collega die net het eerste jaar achter de rug heeft. Het idee kwam van een leerling, kost bijna niets en halveerde het aantal mensen dat binnen zes maanden vertrekt.",
          (("krijgt voortaan", "krijgt nu"), ("bijna niets", "amper iets")),
          "Nieuwkomers blijven langer bij Noordlicht sinds jonge werknemers hen per post verwelkomen. Een stagiair stelde de persoonlijke briefjes voor; volgens de personeelsdienst is er nauwelijks budget voor nodig.",
          "Wie vertrekt bij verzekeraar Zuiderlicht krijgt voortaan telefoon van een directeur die net het dossier gelezen heeft. Het idee kwam van een adviseur, duurt tien minuten en verdubbelde het aantal mensen dat na zes jaar terugkeert."),
    Story("fr", "Kastelmont fermera sa boulangerie de Lindenberg fin mars, a appris le personnel mardi. Le site emploie 140 personnes. Les syndicats parlent d'un choc et demandent des discussions sur les prépensions et les transferts vers l'usine d'Oosterdal.",
          (("a appris le personnel mardi", "ont appris mardi les travailleurs"), ("parlent d'un choc", "dénoncent un choc")),
          "À Lindenberg, 140 ouvriers perdront leur emploi au printemps : le fabricant de pain Kastelmont déplace sa production. Les délégués veulent négocier les fins de carrière et d'autres postes au sein du groupe.",
          "Verdanova ouvrira son laboratoire de Maasveld fin juin, a appris la presse vendredi. Le site emploiera 60 personnes. Le bourgmestre parle d'un cadeau et promet une ligne de bus entre la gare et le parc scientifique."),
    Story("fr", "Les chauffeurs du service de colis Snelpost ont cessé le travail pendant deux heures lundi matin pour protester contre de nouveaux objectifs. Selon la direction, les colis auront au plus un jour de retard et une réunion avec le conseil d'entreprise est prévue jeudi.",
          (("ont cessé le travail", "ont débrayé"), ("au plus", "au maximum")),
          "Bref arrêt chez Snelpost en ce début de semaine : les livreurs jugent trop élevé le nombre d'adresses à desservir. L'entreprise n'attend que peu de gêne et invite les représentants du personnel.",
          "Les infirmières du groupe de cliniques Heliodal ont cessé le travail pendant une journée mercredi pour protester contre de nouveaux horaires. Selon la direction, les opérations urgentes auront bien lieu et un autre plan est attendu avant l'été."),
    Story("fr", "Pour la troisième année de suite, l'éditeur de logiciels Brightwell est en tête du classement des meilleurs employeurs de moins de 500 personnes. Le personnel apprécie la semaine de quatre jours, la transparence des salaires et des chefs choisis par leurs équipes.",
          (("est en tête", "arrive en tête"), ("apprécie", "salue")),
          "Travailler quatre jours et savoir ce que gagne son collègue : voilà ce qui plaît chez Brightwell. La petite société technologique remporte encore le prix du lieu de travail agréable, devant deux bureaux de conseil.",
          "Pour la première fois en dix ans, l'enseigne Marktplein sort du classement des meilleurs employeurs de plus de 500 personnes. Le personnel critique les services du dimanche, le manque de formation et des primes payées en retard."),
    Story("fr", "Le tribunal du travail de Veldstad a jugé mercredi qu'Ironbrook doit payer des heures supplémentaires à 320 magasiniers depuis 2021. L'entreprise estimait que les pauses faisaient partie de l'horaire convenu. Elle peut encore faire appel pendant un mois.",
          (("a jugé mercredi", "a décidé mercredi"), ("pendant un mois", "dans le mois")),
          "Ironbrook perd une affaire de temps non rémunéré. Les juges donnent raison à des centaines de personnes du dépôt qui réclamaient de l'argent pour des pauses jamais accordées ; la firme peut contester.",
          "Le tribunal de l'entreprise de Zonhaven a jugé lundi que Palewater doit rendre les garanties à 90 locataires depuis 2019. Le propriétaire estimait que les réparations faisaient partie du prix convenu. Il a déjà fait appel."),
    Story("fr", "Celui qui commence chez le fournisseur d'énergie Noordlicht reçoit désormais une lettre d'un collègue qui vient de terminer sa première année. L'idée vient d'un apprenti, ne coûte presque rien et a réduit de moitié les départs dans les six mois.",
          (("reçoit désormais", "reçoit maintenant"), ("presque rien", "quasi rien")),
          "Les nouveaux restent plus longtemps chez Noordlicht depuis que de jeunes employés les accueillent par courrier. Un stagiaire a proposé ces mots personnels, qui n'exigent guère de budget selon le service du personnel.",
          "Celui qui quitte l'assureur Zuiderlicht reçoit désormais un appel d'un directeur qui vient de lire son dossier. L'idée vient d'une consultante, prend dix minutes et a doublé les retours dans les six ans."),
    Story("de", "Kastelmont schließt Ende März seine Bäckerei in Lindenberg, wie die Belegschaft am Dienstag erfuhr. Am Standort arbeiten 140 Menschen. Die Gewerkschaften sprechen von einem Schock und fordern Gespräche über Altersteilzeit und Wechsel in das Werk in Oosterdal.",
          (("wie die Belegschaft am Dienstag erfuhr", "wie die Beschäftigten am Dienstag erfuhren"), ("einem Schock", "einem harten Schlag")),
          "In Lindenberg verlieren 140 Arbeiter im Frühjahr ihre Stelle, weil der Brothersteller Kastelmont die Produktion verlagert. Ihre Vertreter wollen über Renten und über andere Aufgaben im Konzern verhandeln.",
          "Verdanova eröffnet Ende Juni sein Labor in Maasveld, wie die Presse am Freitag erfuhr. Am Standort werden 60 Menschen arbeiten. Der Bürgermeister spricht von einem Geschenk und verspricht eine Buslinie vom Bahnhof zum Wissenschaftspark."),
    Story("de", "Fahrer des Paketdienstes Snelpost legten am Montagmorgen für zwei Stunden die Arbeit nieder, um gegen neue Vorgaben zu protestieren. Laut Geschäftsleitung kommen Pakete höchstens einen Tag später an, am Donnerstag folgt ein Treffen mit dem Betriebsrat.",
          (("legten am Montagmorgen für zwei Stunden", "legten am Montag früh für zwei Stunden"), ("höchstens", "maximal")),
          "Kurzer Ausstand bei Snelpost zu Wochenbeginn: Die Zusteller müssen nach eigener Ansicht zu viele Adressen bedienen. Das Unternehmen erwartet kaum Folgen und lädt die Arbeitnehmervertreter ein.",
          "Pflegekräfte der Klinikgruppe Heliodal legten am Mittwoch für einen Tag die Arbeit nieder, um gegen neue Dienstpläne zu protestieren. Laut Geschäftsleitung finden dringende Eingriffe statt, vor dem Sommer folgt ein anderer Plan."),
    Story("de", "Zum dritten Mal in Folge führt das Softwarehaus Brightwell die Liste der besten Arbeitgeber mit weniger als 500 Beschäftigten an. Die Belegschaft lobt die Viertagewoche, die Offenheit über Gehälter und dass Teams ihre Leitung selbst wählen.",
          (("Zum dritten Mal in Folge", "Im dritten Jahr in Folge"), ("lobt", "schätzt")),
          "Vier Tage arbeiten und wissen, was die Kollegin verdient: Das gefällt den Leuten bei Brightwell. Die kleine Technologiefirma gewinnt deshalb erneut den Preis für gute Arbeitsplätze, vor zwei Beratungen.",
          "Zum ersten Mal in zehn Jahren fällt die Handelskette Marktplein aus der Liste der besten Arbeitgeber mit mehr als 500 Beschäftigten. Die Belegschaft rügt die Sonntagsdienste, fehlende Schulungen und dass Prämien zu spät kommen."),
    Story("de", "Das Arbeitsgericht Veldstad entschied am Mittwoch, dass Ironbrook 320 Lagerarbeitern Überstunden für die Jahre seit 2021 bezahlen muss. Das Unternehmen hatte die Pausen zur vereinbarten Zeit gerechnet. Es kann noch einen Monat lang Berufung einlegen.",
          (("entschied am Mittwoch", "urteilte am Mittwoch"), ("noch einen Monat lang", "noch vier Wochen lang")),
          "Ironbrook verliert einen Streit um unbezahlte Zeit. Die Richter geben Hunderten Menschen aus dem Depot recht, die Geld für nie gewährte Pausen verlangten; die Firma kann das Urteil anfechten.",
          "Das Handelsgericht Zonhaven entschied am Montag, dass Palewater 90 Mietern Kautionen für die Wohnungen seit 2019 erstatten muss. Der Vermieter hatte die Reparaturen zum vereinbarten Preis gerechnet. Er hat bereits Berufung eingelegt."),
    Story("de", "Wer beim Energieversorger Noordlicht anfängt, bekommt jetzt einen Brief von jemandem, der gerade das erste Jahr hinter sich hat. Die Idee stammt von einem Lehrling, kostet fast nichts und hat die Zahl derer halbiert, die binnen sechs Monaten gehen.",
          (("bekommt jetzt", "erhält nun"), ("fast nichts", "beinahe nichts")),
          "Neue bleiben länger bei Noordlicht, seit junge Angestellte sie per Post begrüßen. Ein Praktikant schlug die persönlichen Zeilen vor, für die laut Personalabteilung kaum Geld nötig ist.",
          "Wer den Versicherer Zuiderlicht verlässt, bekommt jetzt einen Anruf von einer Direktorin, die gerade die Akte gelesen hat. Die Idee stammt von einer Beraterin, dauert zehn Minuten und hat die Zahl derer verdoppelt, die nach sechs Jahren zurückkommen."),
)  # fmt: skip
_AROUND = {
    "en": ("VELDSTAD (Agency) – ", " Read also: ten questions to ask before you sign a contract."), "nl": ("VELDSTAD (Agentschap) – ", " Lees ook: tien vragen voor u een contract tekent."),
    "fr": ("VELDSTAD (Agence) – ", " Lire aussi : dix questions avant de signer un contrat."), "de": ("VELDSTAD (Agentur) – ", " Lesen Sie auch: zehn Fragen vor der Unterschrift."),
}  # fmt: skip
_SAID = {"en": "I worked there and this does not surprise me at all.", "nl": "Ik werkte daar en dit verbaast mij helemaal niet.", "fr": "J'y ai travaillé et cela ne m'étonne pas du tout.",
         "de": "Ich habe dort gearbeitet und das wundert mich gar nicht."}  # fmt: skip


class Pair(NamedTuple):
    """Two items and whether the second is a copy of the first."""

    what: str
    lang: str
    one: dict[str, str]
    other: dict[str, str]
    copy: bool


def article(text: str, title: str = "", kind: str = "article") -> dict[str, str]:
    """Return what the store keeps of a mention, as far as likeness goes."""
    return {"type": "mention", "kind": kind, "title": title, "text": text}


def pairs() -> list[Pair]:
    """Return all labelled pairs: four copies and four others a story."""
    found = []
    for number, story in enumerate(STORIES):
        edited = story.text
        for old, new in story.edits:
            assert old in edited
            edited = edited.replace(old, new)
        before, after = _AROUND[story.lang]
        words = story.text.split()
        made = {
            "edited": article(edited), "framed": article(before + story.text + after, "An invented headline of another paper"), "cut": article(" ".join(words[: len(words) * 2 // 3]) + "…"),
            "edited and cut": article(" ".join(edited.split()[:24]) + " […]", "Short"),
            "rewrite": article(story.rewrite), "sibling": article(story.sibling), "next": article(STORIES[(number + 1) % len(STORIES)].text),
            "quoted": article(f"> {' '.join(words[:18])}\n{_SAID[story.lang]}", kind="comment"),
        }  # fmt: skip
        copies = ("edited", "framed", "cut", "edited and cut")
        found += [Pair(what, story.lang, article(story.text), other, what in copies) for what, other in made.items()]
    return found
