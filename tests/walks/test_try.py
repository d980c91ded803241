import time
import pytest
from assay.kernel import clock
from assay.batches.models import Batch
from assay.certificates.models import Certificate
from assay.applications.models import Application
from assay.results.models import Result
from assay.kernel import verification
from tests.walks.school import founded, BEGINS
from tests.walks.usual import Usual
from tests.walks import deeds
@pytest.mark.django_db
def test_it(monkeypatch):
    t=time.time()
    with clock.moved_to(BEGINS):
        s = founded()
    print("founded", time.time()-t)
    u = Usual(s, BEGINS)
    orig = deeds.Refused
    said=[]
    class Spy(orig): pass
    real = Usual.do
    def do(self, act, who, *a, **k):
        self.now += deeds.MINUTE
        with clock.moved_to(self.now):
            try: found = act(self.actor(who), *a, **k)
            except orig as r:
                print("     ", act.act.name, who, r.message[:150]); return deeds.REFUSED
        print("   OK", act.act.name, who)
        return found if found is not None else True
    monkeypatch.setattr(Usual, "do", do)
    for n in range(30):
        t=time.time()
        st = Batch.objects.get(pk=s.batches[0].pk).stage
        u.step(s.batches[0], n, 2, 5)
        print(n, st, round(time.time()-t,3), dict(Application.objects.filter(batch=s.batches[0]).values_list("pk","state")))
        if Certificate.objects.count() > 1: break
    print(Certificate.objects.values_list("number","name"))
    for r in Result.objects.filter(batch=s.batches[0]): print(r, r.theory, r.skill, r.review)
    for c in Certificate.objects.exclude(application__batch__stage="closed"):
        print(c.application_id, list(u.witness.wrongs(c.application_id, deeds.Said(c.name, c.id_number, c.photo_id))))
    t=time.time()
    print(verification.verify(), time.time()-t)
    assert 0
