"""Every table of every context, and the words that follow from one row to another."""

import cordeau.auth.models
import cordeau.chantiers.models
import cordeau.clients.models
import cordeau.core.agregats
import cordeau.core.effacements
import cordeau.core.jobs
import cordeau.core.journal
import cordeau.core.limites
import cordeau.core.numbering
import cordeau.core.operations
import cordeau.core.recherche
import cordeau.core.registre.models
import cordeau.core.sauvegardes
import cordeau.devis.indexation
import cordeau.devis.models
import cordeau.entreprise.models
import cordeau.facturation.indexation
import cordeau.facturation.models
import cordeau.notifications.models  # noqa: F401 (imported for the tables they declare)
